from common import breach, done
import socket

kinds = {"packet": (17, 3, 0x300), "packet (datagrams)": (17, 2, 0x300), "raw IP": (2, 3, 255), "raw TCP": (2, 3, 6), "raw ICMP": (2, 3, 1), "raw IPv6": (10, 3, 58),
         "vsock": (40, 1, 0), "kernel crypto": (38, 5, 0), "CAN": (29, 3, 1), "RDS": (21, 5, 0), "Bluetooth": (31, 3, 1), "TIPC": (30, 5, 0), "X.25": (9, 5, 0),
         "AX.25": (3, 5, 0), "AppleTalk": (5, 2, 0), "ATM": (20, 2, 0), "Phonet": (35, 2, 0), "XDP": (44, 3, 0), "SMC": (43, 1, 0), "KCM": (41, 5, 0),
         "SCTP": (2, 5, 132), "MPTCP": (2, 1, 262), "DCCP": (2, 6, 33), "LLC": (26, 2, 0), "PF_KEY": (15, 3, 2), "QIPCRTR": (42, 2, 0)}
harmless = {"SCTP", "MPTCP", "DCCP", "SMC"}  # transports like any other, over a network that is not there
for name, (family, kind, protocol) in kinds.items():
    try:
        socket.socket(family, kind, protocol).close()
        if name not in harmless:
            breach("a", name, "socket")
    except OSError:
        pass
done("only plain sockets")
