# Opens files until there are none left.
import os
n = 0
try:
    while True:
        os.open("/dev/null", os.O_RDONLY); n += 1
except OSError:
    pass
print("ESCAPED" if n > 512 else "HARMLESS", n)
