n = 0
with open("attack-mark", "wb", buffering=0) as f:
    while n < 1 << 30:
        written = f.write(bytes(1 << 20))
        if written == 0:
            break
        n += written
print("BREACH:", n, "bytes")
