blocks = []
while True:
    blocks.append(bytearray(10 << 20))
