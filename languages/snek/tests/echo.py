line = input()
while len(line) > 0:
    print(line)
    line = input()
