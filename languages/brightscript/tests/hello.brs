sub main()
    name = "world"
    print "Hello, " + name + "!"
end sub
