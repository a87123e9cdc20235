for line in io.lines() do
  print("you said: " .. line)
end
