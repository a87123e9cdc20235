[indent=4]
init
    print undeclared
