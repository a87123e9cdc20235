print "so far"
x = 1 / 0
