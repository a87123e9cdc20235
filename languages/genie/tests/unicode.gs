[indent=4]
init
    print "Grüße, 世界 🌍"
