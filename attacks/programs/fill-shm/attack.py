from common import breach, done
import os

for folder in ["/dev/shm", "/dev/mqueue", "/run", "/run/lock"]:
    total = 0
    try:
        with open(folder + "/attack-mark", "wb", buffering=0) as f:
            while total < 1 << 30:
                total += f.write(bytes(1 << 20))
    except OSError:
        pass
    if total >= 1 << 30:
        breach(total >> 20, "MiB in", folder)
    print(folder, total >> 20, "MiB")
    if os.path.exists(folder + "/attack-mark"):
        os.remove(folder + "/attack-mark")
done("memory file systems are bounded")
