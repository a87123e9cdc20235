import sys

cdef str line
for line in sys.stdin:
    sys.stdout.write("you said: " + line)
