# Fills what can be written to, by size and by number of files.
import os
def fill(dir):
    total = 0
    try:
        with open(dir + "/big", "wb") as f:
            while True:
                total += f.write(bytes(1 << 20)); f.flush()
    except OSError:
        pass
    os.remove(dir + "/big")
    return total >> 20
for dir in ["/tmp", "/work", "/dev/shm"]:
    mib = fill(dir)
    if mib > 64: print("ESCAPED", dir, mib)
for dir in ["/", "/usr", "/etc", "/dev", "/proc", "/home", "/run", "/var", "/usr/bin", "/usr/lib", "/usr/local/bin"]:
    try:
        open(dir + "/x", "w"); print("ESCAPED wrote to", dir)
    except OSError:
        pass
for victim in ["/usr/bin/python3", "/etc/passwd", "/etc/alternatives", "/etc/hosts"]:
    for f in [lambda: open(victim, "a"), lambda: os.chmod(victim, 0o777), lambda: os.remove(victim), lambda: os.rename(victim, victim + "x")]:
        try:
            f(); print("ESCAPED changed", victim)
        except OSError:
            pass
n = 0
try:
    while True:
        open(f"/tmp/{n}", "w").close(); n += 1
except OSError:
    pass
if n > 10_000: print("ESCAPED", n, "files")
for i in range(n): os.remove(f"/tmp/{i}")
print("HARMLESS")
