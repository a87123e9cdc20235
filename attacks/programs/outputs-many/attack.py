from common import done
import os

for i in range(3000):
    open(f"picture{i}.png", "wb").write(b"\x89PNG" + bytes(1000))
for name in [b"\xff\xfe.png", b"new\nline.png", b"\x1b[2Jclear.png", b"..png", b"a" * 250 + b".png", "‮gnp.txt".encode(), b"<img src=x>.html", b"C:\\x.png"]:
    open(name, "wb").write(b"x")
try:
    open("large.png", "wb").write(bytes(40 << 20))
except OSError:
    pass
with open("sparse.png", "wb") as f:
    f.truncate(50 << 20)
done("much lies about")
