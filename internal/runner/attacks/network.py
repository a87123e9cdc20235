# Reaches for the network: out, the host's loopback, the host's abstract sockets, raw and odd families.
import socket, sys

port = int(sys.argv[1])
for where in [("127.0.0.1", port), ("1.1.1.1", 53), ("169.254.169.254", 80), ("10.0.0.1", 22)]:
    s = socket.socket(); s.settimeout(1)
    try:
        s.connect(where); print("ESCAPED", where)
    except OSError:
        pass
try:
    s = socket.socket(socket.AF_UNIX); s.connect("\0" + sys.argv[2]); print("ESCAPED abstract socket")
except OSError:
    pass
for family, kind in [(17, 3), (16, 3), (40, 1), (38, 5), (29, 3), (2, 3), (21, 5), (31, 3)]:
    try:
        s = socket.socket(family, kind, 15 if family == 16 else 0); print("ESCAPED socket family", family)
    except OSError:
        pass
# Its own loopback works, for programs that talk to themselves.
a = socket.socket(); a.bind(("127.0.0.1", 0)); a.listen(); b = socket.create_connection(a.getsockname()); b.close()
print("HARMLESS")
