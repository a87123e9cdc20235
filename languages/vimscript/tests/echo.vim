for line in readfile('/dev/stdin')
  echo line
endfor
