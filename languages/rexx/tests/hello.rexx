say "Hello, world!"
