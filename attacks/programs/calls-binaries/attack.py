from common import breach, done
import os, struct, subprocess

# mov eax, 1 (exit); mov ebx, 42; int 0x80
code = bytes.fromhex("b801000000bb2a000000cd80")
base = 0x08048000
head = b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 3, 1, base + 84, 52, 0, 0, 52, 32, 1, 0, 0, 0)
part = struct.pack("<8I", 1, 0, base, base, 84 + len(code), 84 + len(code), 5, 0x1000)
with open("small", "wb") as f:
    f.write(head + part + code)
os.chmod("small", 0o755)
try:
    code = subprocess.run(["./small"], timeout=5).returncode
except OSError as e:
    print("refused:", e)
else:
    print("ended with", code)
    if code == 42:
        breach("a 32-bit program made its system call")
done("no 32-bit program")
