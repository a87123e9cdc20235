STDIN.each_line { |line| puts "you said: #{line}" }
