"Hello, world!\n"
