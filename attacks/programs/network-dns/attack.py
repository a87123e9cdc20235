from common import breach, done
import socket, struct, sys

socket.setdefaulttimeout(1)
for name in ["example.com", "metadata.google.internal", "secret.exfiltrated.example.com"]:
    try:
        breach(name, "is", socket.getaddrinfo(name, 80)[0][4])
    except OSError:
        pass
question = struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + b"\7example\3com\0" + struct.pack(">2H", 1, 1)
for server in ["1.1.1.1", "8.8.8.8", "127.0.0.53", "127.0.0.11", "169.254.169.253"]:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(question, (server, 53))
            breach(server, "answered", s.recv(500))
    except OSError:
        pass
for group in ["224.0.0.251", "239.255.255.250", "255.255.255.255"]:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            s.sendto(b"hello", (group, int(sys.argv[1])))
            breach("sent to", group)
    except OSError:
        pass
done("no name, no answer")
