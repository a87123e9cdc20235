from common import breach, done
from itertools import islice
import os, socket, sys

known = [sys.argv[1], "/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock", "/run/crio/crio.sock",
         "/run/dbus/system_bus_socket", "/run/systemd/private", "/run/systemd/notify", "/run/udev/control", "/run/snapd.socket", "/dev/log", "/run/systemd/journal/socket"]


def paths():
    """Known ones first, and the rest only as they are tried: outside of a sandbox a folder may have millions of files."""
    yield from known
    for top in ["/run", "/tmp", "/var"]:
        for folder, _, names in os.walk(top):
            for name in names:
                yield os.path.join(folder, name)


for path in islice(paths(), 2000):
    for kind in [socket.SOCK_STREAM, socket.SOCK_DGRAM]:
        with socket.socket(socket.AF_UNIX, kind) as s:
            s.settimeout(1)
            try:
                s.connect(path)
                breach("connected to", path)
            except OSError:
                pass
done("nobody listens")
