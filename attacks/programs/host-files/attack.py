from common import attempt, done, read
import sys

for path in [sys.argv[1], "/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/ssh", "/root", "/root/.ssh", "/root/.bash_history", "/home/*",
             "/var/log", "/var/lib/dpkg", "/var/cache/codecollab", "/var/lib/codecollab", "/var/spool", "/etc/machine-id", "/boot", "/srv",
             "/run/secrets", "/var/run/secrets/kubernetes.io/serviceaccount/token", "/.dockerenv", "/proc/1/root/etc/shadow"]:
    attempt(path, read, path)
done("no file of the host")
