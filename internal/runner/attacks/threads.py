# Starts threads without end.
import threading, time
n = 0
try:
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        n += 1
except RuntimeError:
    print("threads:", n, flush=True)
    import os; os._exit(7)
