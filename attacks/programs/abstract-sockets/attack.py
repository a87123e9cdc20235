from common import breach, done
import socket, sys

names = [sys.argv[1], "/tmp/.X11-unix/X0", "/containerd-shim/moby/x/shim.sock", "/tmp/dbus-system"]
try:
    names += [line.split("@", 1)[1].strip() for line in open("/proc/net/unix") if "@" in line]
except OSError:
    pass
for name in names:
    for kind in [socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET]:
        with socket.socket(socket.AF_UNIX, kind) as s:
            s.settimeout(1)
            try:
                s.connect("\0" + name)
                breach("connected to @" + name)
            except OSError:
                pass
done("nobody listens")
