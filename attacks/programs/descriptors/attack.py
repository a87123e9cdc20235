from common import breach, done
import os, resource

try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 20, 1 << 20))
    breach("a million files allowed")
except (OSError, ValueError):
    pass
n = 0
try:
    while n < 20_000:
        os.open("/dev/null", os.O_RDONLY)
        n += 1
except OSError:
    pass
if n >= 20_000:
    breach(n, "files open")
for fd in range(10, n):
    os.close(fd)
done(f"{n} files")
