ECHO 'Hello, world!'.
