import sys

for line in sys.stdin:
    echo @(line.rstrip("\n"))
