set print "-"
print "Hello, world!"
