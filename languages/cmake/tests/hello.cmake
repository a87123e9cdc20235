message("Hello, world!")
