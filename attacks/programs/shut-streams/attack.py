from common import done
import fcntl, os, socket

for fd in range(3):
    try:
        fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND | os.O_ASYNC)
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        pass
    try:
        socket.socket(fileno=os.dup(fd)).shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
try:
    for _ in range(3):
        os.write(2, b"x" * (1 << 20))
except OSError:
    pass
for fd in range(3):
    fcntl.fcntl(fd, fcntl.F_SETFL, 0)
done("the other side has its own ends")
