from common import breach, done
import os

known = {"/work", "/tmp", "/dev/shm", "/var/tmp", "/home/runner"}
for top in ["/box", "/judge0", "/piston", "/tmp", "/var/tmp", "/run", "/home", "/var/lib", "/var/cache", "/srv", "/opt", "/dev/shm", "/.upper", "/.lower", "/upper"]:
    try:
        names = os.listdir(top)
    except OSError:
        continue
    for name in names:
        path = os.path.join(top, name)
        if path not in known and os.path.realpath(path) not in known and os.access(path, os.W_OK):
            breach("can write to", path)
        elif path.startswith(("/tmp", "/var/tmp", "/dev/shm", "/box", "/.upper")):
            breach("sees", path)
done("alone")
