-- Lists without an end are no trouble when nobody asks for it.
primes = sieve [2 ..]
  where sieve (p : rest) = p : sieve [n | n <- rest, n `mod` p /= 0]

pascal = iterate (\row -> zipWith (+) (0 : row) (row ++ [0])) [1]

centre width text = replicate ((width - length text) `div` 2) ' ' ++ text

main = do
  mapM_ (putStrLn . centre 36 . unwords . map show) (take 8 pascal)
  putStrLn ("The first primes: " ++ unwords (map show (takeWhile (< 50) primes)))
  putStrLn ("The first twins:  " ++ show (take 5 [(p, q) | (p, q) <- zip primes (tail primes), q - p == 2]))
