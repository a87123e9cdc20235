from common import breach, done
import os, signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for folder in ["/work", "/tmp", "/var/tmp", os.path.expanduser("~"), "/"]:
    total, names = 0, []
    try:
        while total < 1 << 30:
            names.append(f"{folder}/attack-mark{len(names)}")
            with open(names[-1], "wb", buffering=0) as f:
                for _ in range(16):
                    total += f.write(bytes(1 << 20))
    except OSError:
        pass
    if total >= 1 << 30:
        breach(total >> 20, "MiB in", folder)
    print(folder, total >> 20, "MiB")
    for name in names:
        if os.path.exists(name):
            os.remove(name)
done("space is bounded")
