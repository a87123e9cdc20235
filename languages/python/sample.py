# Eight queens: place them so that none attacks another.
def queens(n, placed=()):
    if len(placed) == n:
        yield placed
        return
    row = len(placed)
    for column in range(n):
        if all(column != c and abs(column - c) != row - r for r, c in enumerate(placed)):
            yield from queens(n, (*placed, column))


solutions = list(queens(8))
print(len(solutions), "ways. The first:")
for column in solutions[0]:
    print("· " * column + "♛ " + "· " * (7 - column))
