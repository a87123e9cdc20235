# Takes memory without end.
blocks = []
while True:
    blocks.append(bytearray(10 << 20))
