Print("Hello, world!\n");
