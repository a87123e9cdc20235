# Takes memory in many processes, each small enough.
import os, time
for _ in range(30):
    if os.fork() == 0:
        block = bytearray(40 << 20)
        time.sleep(60)
time.sleep(60)
