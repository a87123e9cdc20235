from common import breach, done
import os, socket, stat, sys

open("plain.txt", "w").write("plain")
os.mkfifo("pipe.png")
socket.socket(socket.AF_UNIX).bind("socket.png")
os.mkdir("folder.png")
for kind, number in [(stat.S_IFCHR, os.makedev(1, 5)), (stat.S_IFBLK, os.makedev(8, 0))]:
    try:
        os.mknod("device.png", kind | 0o666, number)
        breach("made a device")
    except OSError:
        pass
os.remove(sys.argv[0])
os.mkfifo(sys.argv[0])  # where the source was
done("odd things lie about")
