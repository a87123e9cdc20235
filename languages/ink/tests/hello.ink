VAR name = "world"
Hello, {name}!
