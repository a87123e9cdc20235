-- All orders of three notes, made by a coroutine: it stops at each yield and goes on where it was.
local function permute(list, n)
  if n == 0 then
    coroutine.yield(table.concat(list, " "))
  end
  for i = 1, n do
    list[n], list[i] = list[i], list[n]
    permute(list, n - 1)
    list[n], list[i] = list[i], list[n]
  end
end

local function orders(list)
  return coroutine.wrap(function() permute(list, #list) end)
end

local count = 0
for order in orders { "do", "re", "mi" } do
  count = count + 1
  print(count, order)
end
