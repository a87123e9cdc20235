STDIN.each_line { |line| print "you said: #{line}" }
