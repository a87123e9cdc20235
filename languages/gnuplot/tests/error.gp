set print "-"
print "before"
print nothing + 1
