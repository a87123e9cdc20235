while (!eof(0))
  line input "" line$
  print line$
wend
