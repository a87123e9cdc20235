-- Memory laid out as in C: a million points in one array, and loops that become machine code.
local ffi = require("ffi")
ffi.cdef "typedef struct { double x, y; } point;"

local seed = 42
local function random()
  seed = (seed * 16807) % 2147483647
  return seed / 2147483647
end

local n = 1000000
local points = ffi.new("point[?]", n)
for i = 0, n - 1 do
  points[i].x, points[i].y = random(), random()
end

local inside = 0
for i = 0, n - 1 do
  local p = points[i]
  if p.x * p.x + p.y * p.y < 1 then inside = inside + 1 end
end
print(("%d points of %d bytes each; pi is about %.3f"):format(n, ffi.sizeof("point"), 4 * inside / n))
