puts "warm"
