from common import breach, done
import os

for folder in ["/tmp", "/work", "/dev/shm"]:
    n = 0
    try:
        os.mkdir(folder + "/attack-mark")
        while n < 200_000:
            if n % 3 == 0:
                os.symlink("x", f"{folder}/attack-mark/{n}")
            else:
                os.close(os.open(f"{folder}/attack-mark/{n}", os.O_CREAT | os.O_WRONLY))
            n += 1
    except OSError:
        pass
    print(folder, n, "files")
    if n >= 200_000:
        breach(n, "files in", folder)
done("files are bounded")
