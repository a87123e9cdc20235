def main (line: []u8) : []u8 = "you said: " ++ line
