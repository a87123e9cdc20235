# Fills the disk and fails for it.
with open("/work/big", "wb") as f:
    while True:
        f.write(bytes(1 << 20))
