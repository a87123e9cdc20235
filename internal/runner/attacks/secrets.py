# Reads the host's secrets and other processes' environment and memory.
import os, glob

def attempt(what, f):
    try:
        r = f()
    except (OSError, PermissionError):
        return
    if r:
        print("ESCAPED", what, r[:80] if hasattr(r, "__getitem__") else r)

for p in ["/etc/shadow", "/root", "/etc/ssh", "/var/lib", "/proc/1/environ", "/proc/1/maps", "/proc/1/root/etc/shadow", "/proc/1/cwd/etc",
          "/proc/self/root/../etc/shadow", "/proc/kcore", "/proc/kallsyms", "/proc/keys", "/proc/sysrq-trigger", "/dev/mem", "/dev/vda", "/dev/sda", "/sys/kernel",
          "/.lower", "/.upper", "/proc/1/fd", "/dev/kmsg", "/run/docker.sock", "/sys/fs/cgroup"]:
    attempt(p, lambda: os.listdir(p) if os.path.isdir(p) else open(p, "rb").read(64))
for p in glob.glob("/proc/[0-9]*/environ"):
    if b"SECRET" in open(p, "rb").read():
        print("ESCAPED", p)
if any("SECRET" in k for k in os.environ):
    print("ESCAPED environment")
others = [p for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid() and p != str(os.getppid())]
if others:
    print("ESCAPED sees processes", others)
print("HARMLESS")
