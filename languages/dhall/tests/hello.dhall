let name = "world"

in  ''
    Hello, ${name}!
    ''
