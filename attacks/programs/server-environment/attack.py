from common import breach, done
import glob, os, sys

name = sys.argv[1].encode()
mine = b"\0".join(k + b"=" + v for k, v in os.environb.items())
if name in mine or b"TOKEN" in mine:
    breach("own environment:", mine)
for path in glob.glob("/proc/[0-9]*/environ") + ["/proc/self/task/1/environ"]:
    if path == f"/proc/{os.getpid()}/environ":
        continue
    try:
        found = open(path, "rb").read()
    except OSError:
        continue
    if name in found or b"TOKEN=" in found:
        breach(path, found)
done("no environment but its own")
