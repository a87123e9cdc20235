from common import breach, done
import socket, sys

tcp, udp = int(sys.argv[1]), int(sys.argv[2])
for host in ["127.0.0.1", "127.1.2.3", "0.0.0.0", "::1", "::ffff:127.0.0.1", "localhost"]:
    try:
        with socket.create_connection((host, tcp), timeout=1) as s:
            breach("connected to", host, tcp, s.recv(100))
    except OSError:
        pass
    try:  # whether a datagram arrived is known on the other side only
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.sendto(b"from inside", (host, udp))
    except OSError:
        pass
done("the host's loopback is another one")
