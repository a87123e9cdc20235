from common import breach, done
import socket, struct

names = {1: "unused", 2: "usersock", 4: "sock_diag", 5: "nflog", 6: "xfrm", 7: "selinux", 8: "iscsi", 9: "audit", 10: "fib_lookup", 11: "connector", 12: "netfilter",
         15: "uevent", 16: "generic", 18: "scsi", 20: "rdma", 21: "crypto"}
for protocol, name in names.items():
    try:
        socket.socket(16, 3, protocol).close()
        breach("a netlink socket of", name)
    except OSError:
        pass


def ask(kind, flags, body):
    """Sends one request to the routing family and gives the error number of the answer, or 0."""
    with socket.socket(16, 3, 0) as s:
        s.settimeout(1)
        s.send(struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body)
        answer = s.recv(4096)
        length, type_ = struct.unpack_from("=IH", answer)
        return struct.unpack_from("=i", answer, 16)[0] if type_ == 2 else 0


address = struct.pack("=BBBBI", 2, 24, 0, 0, 1) + struct.pack("=HH4s", 8, 2, socket.inet_aton("10.9.9.9"))
route = struct.pack("=BBBBBBBBI", 2, 0, 0, 0, 254, 4, 253, 1, 0) + struct.pack("=HHI", 8, 4, 1)
link = struct.pack("=BBHiII", 0, 0, 0, 0, 0, 0) + struct.pack("=HH", 4 + 12, 18) + struct.pack("=HH6s2x", 4 + 6, 1, b"dummy\0")
for what, kind, body in [("an address", 20, address), ("a route", 24, route), ("a link", 16, link)]:
    try:
        if ask(kind, 1 | 4 | 0x400, body) == 0:
            breach("added", what)
    except OSError:
        pass
done("the network stays as it is")
