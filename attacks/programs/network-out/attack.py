from common import breach, done
import errno, socket

for where in [("1.1.1.1", 53), ("8.8.8.8", 443), ("169.254.169.254", 80), ("100.100.100.200", 80), ("10.0.0.1", 22), ("192.168.0.1", 80),
              ("172.17.0.1", 22), ("172.17.0.2", 80), ("2606:4700:4700::1111", 443), ("fd00:ec2::254", 80)]:
    try:
        socket.create_connection(where, timeout=1).close()
        breach("connected to", where)
    except OSError as e:
        if e.errno in (errno.ECONNREFUSED, errno.ECONNRESET):  # somebody was there to refuse
            breach(where, "answered:", e)
done("there is no way out")
