[indent=4]
init
    print "Hello, world!"
