-- A function's environment can be exchanged in Lua 5.1: here it becomes a small language for recipes.
local function recipe(write)
  local steps = {}
  local words = setmetatable({}, {
    __index = function(_, verb)
      return function(what)
        steps[#steps + 1] = verb:gsub("_", " ") .. " " .. what
      end
    end,
  })
  setfenv(write, words)
  write()
  return steps
end

local pancakes = recipe(function()
  crack "three eggs"
  pour "milk"
  stir_in "flour until it is smooth"
  fry "thin rounds in butter"
end)

for i, step in ipairs(pancakes) do
  print(i .. ". " .. step)
end
print(#pancakes .. " steps, " .. table.getn(pancakes) .. " by the older name")
