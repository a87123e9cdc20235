main :: IO ()
main = interact (unlines . map ("you said: " ++) . lines)
