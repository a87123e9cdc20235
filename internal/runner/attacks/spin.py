# Computes for ever, in two processes, so that CPU time runs twice as fast as the clock.
import os
os.fork()
while True:
    pass
