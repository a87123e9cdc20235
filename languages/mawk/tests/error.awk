BEGIN { print "on purpose" > "/dev/stderr"; exit 3 }
