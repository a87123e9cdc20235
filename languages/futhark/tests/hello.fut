def main : []u8 = "Hello, " ++ "world!"
