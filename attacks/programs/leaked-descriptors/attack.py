from common import attempt, breach, done, read
import os, stat

for name in os.listdir("/proc/self/fd"):
    fd = int(name)
    try:
        where = os.readlink(f"/proc/self/fd/{fd}")
        kind = os.fstat(fd).st_mode
    except OSError:
        continue  # that of the listing itself
    if fd > 2:
        breach("descriptor", fd, where)
    if stat.S_ISDIR(kind):
        attempt("out through " + where, lambda: (os.fchdir(fd), read("../../../../etc/shadow")))
    if stat.S_ISSOCK(kind):
        breach("a socket of the engine:", fd, where)
for up in range(1, 40):
    attempt("up from the working folder", read, "../" * up + "etc/shadow")
done("three descriptors, none of them a way out")
