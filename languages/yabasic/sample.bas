// The Sierpinski triangle as a game of chance: walk half the way to a corner, again and again.
width = 63
height = 31
dim seen(width, height)
dim cx(3), cy(3)
cx(0) = 31 : cy(0) = 0
cx(1) = 0 : cy(1) = 31
cx(2) = 62 : cy(2) = 31
seed = 7
x = 31
y = 0
for i = 1 to 20000
  seed = mod(seed * 1103 + 12345, 65536)
  corner = mod(int(seed / 64), 3)
  x = (x + cx(corner)) / 2
  y = (y + cy(corner)) / 2
  if (i > 20) seen(int(x), int(y)) = 1
next i
for row = 0 to height
  line$ = ""
  for column = 0 to width
    if (seen(column, row)) then line$ = line$ + "*" else line$ = line$ + " " endif
  next column
  print rtrim$(line$)
next row
