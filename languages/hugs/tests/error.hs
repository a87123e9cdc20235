main = putStrLn (head [])
