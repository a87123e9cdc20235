'Hello, world!'
