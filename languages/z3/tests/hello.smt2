(echo "Hello, world!")
