from common import breach, done
import socket

for what in [(socket.AF_UNIX, "\0attack-mark-daemon"), (socket.AF_INET, ("127.0.0.1", 47219))]:
    with socket.socket(what[0]) as s:
        s.settimeout(1)
        try:
            s.connect(what[1])
            breach("the earlier job's server answers at", what[1])
        except OSError:
            pass
done("the earlier job's server is gone")
