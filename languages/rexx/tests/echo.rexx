do while lines() > 0
  parse linein line
  if line == "" & lines() = 0 then leave /* what followed the last line feed */
  say line
end
