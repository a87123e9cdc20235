(import sys)

(for [line sys.stdin]
  (print (.rstrip line "\n")))
