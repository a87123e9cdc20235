name = "world"
print "Hello, %s!" % name
