from common import done
import os

n = 0
name = "d" * 200
try:
    while n < 100_000:
        os.mkdir(name)
        os.chdir(name)
        n += 1
except OSError as e:
    print(e)
done(f"{n} deep")
