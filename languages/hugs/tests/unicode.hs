main = putStrLn "Gr\252\223e, \19990\30028 \127757" -- no other way: a source is not read as UTF-8
