from common import breach, done
import os, sys

own = {os.getpid(), os.getppid(), 1}
others = {}
for name in os.listdir("/proc"):
    if name.isdigit() and int(name) not in own:
        try:
            others[name] = open(f"/proc/{name}/comm").read().strip()
        except OSError:
            others[name] = "?"
if others:
    breach("sees", len(others), "processes:", others)
bait = f"/proc/{sys.argv[1]}/cmdline"
if int(sys.argv[1]) not in own and os.path.exists(bait):
    try:
        if b"sleep" in open(bait, "rb").read():
            breach("sees the process of the test", sys.argv[1])
    except OSError:
        pass
done("no process but its own")
