# A robot of eight kilobytes finds out of the maze with one hand at the wall.
maze = [
    "#########",
    "#   #   #",
    "# # # # #",
    "# #   # #",
    "# ##### #",
    "#     #  ",
    "#########",
]
way = ((0, -1), (1, 0), (0, 1), (-1, 0))
names = ("up", "right", "down", "left")
x = 1
y = 5
facing = 0
steps = 0
while x < 8 and steps < 100:
    facing = (facing + 1) % 4
    while maze[y + way[facing][1]][x + way[facing][0]] == "#":
        facing = (facing + 3) % 4
    x += way[facing][0]
    y += way[facing][1]
    steps += 1
    if steps % 4 == 0:
        print("after %d steps at %d, %d: %s" % (steps, x, y, names[facing]))
print("out after %d steps" % steps)
