from common import done
import os, signal, socket, time

up, told = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for s in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(s, signal.SIG_IGN)
        for what in [(socket.AF_UNIX, "\0attack-mark-daemon"), (socket.AF_INET, ("127.0.0.1", 47219))]:
            try:
                s = socket.socket(what[0])
                s.bind(what[1])
                s.listen()
                globals()["kept" + str(what[0])] = s
            except OSError:
                pass
        os.write(told, b"x")
        for fd in range(3):
            os.close(fd)
        time.sleep(20)
    os._exit(0)
os.read(up, 1)
done("left a server")
