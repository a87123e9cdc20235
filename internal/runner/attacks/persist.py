# Leaves marks for a later job and looks for those of an earlier one.
import os, ctypes
found = [p for p in ["/tmp/mark", "/dev/shm/mark", "/var/tmp/mark", "/cache/go/mark"] if os.path.exists(p)]
libc = ctypes.CDLL(None, use_errno=True)
if libc.shmget(0x1234, 4096, 0o666) != -1: found.append("SysV shared memory")
if found: print("ESCAPED", found)
for p in ["/tmp/mark", "/dev/shm/mark", "/var/tmp/mark", "/cache/go/mark"]:
    try: open(p, "w").write("x")
    except OSError: pass
if libc.shmget(0x1234, 4096, 0o666 | 0o1000) == -1: print("shared memory refused")
print("HARMLESS")
