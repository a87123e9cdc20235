-- Endless lists that are made of themselves: only what is printed is ever computed.
primes :: [Int]
primes = 2 : filter isPrime [3, 5 ..]

isPrime :: Int -> Bool
isPrime n = all (\p -> n `mod` p /= 0) (takeWhile (\p -> p * p <= n) primes)

-- Numbers whose only prime factors are 2, 3 and 5.
hamming :: [Int]
hamming = 1 : map (* 2) hamming `merge` map (* 3) hamming `merge` map (* 5) hamming
  where
    merge (x : xs) (y : ys)
      | x < y = x : merge xs (y : ys)
      | x > y = y : merge (x : xs) ys
      | otherwise = x : merge xs ys
    merge xs ys = xs ++ ys

main :: IO ()
main = do
  putStrLn $ "primes:  " ++ unwords (map show (take 15 primes))
  putStrLn $ "hamming: " ++ unwords (map show (take 20 hamming))
  putStrLn $ "twins:   " ++ show (take 5 [(p, q) | (p, q) <- zip primes (tail primes), q - p == 2])
