main = putStrLn "Hello, world!"
