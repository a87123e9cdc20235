write, format="%s\n", "Hello, world!";
