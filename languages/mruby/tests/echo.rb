while line = gets
  print "you said: ", line
end
