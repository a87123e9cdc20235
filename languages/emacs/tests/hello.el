(princ "Hello, world!\n")
