mprintf("Hello, world!\n")
