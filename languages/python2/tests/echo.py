import sys

for line in sys.stdin:
    print "you said:", line,
