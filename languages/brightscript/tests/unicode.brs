sub main()
    print "Grüße, 世界 🌍"
end sub
