sub main()
    print "before"
    nothing = invalid
    print nothing.at.all()
end sub
