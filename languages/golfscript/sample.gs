# The input is not needed.
;
# Primes below 50: the numbers that have two divisors.
50,{:k,{)k\%!},,2=}," "*n

# 2 to the power of 100, and the sum of its digits.
"2^100 = "2 100?n
"its digits add up to "2 100?`{48-}%{+}*n

# Pascal's triangle: each row is the one above, added to itself one place further.
[1]6{."  "*puts.[0]\+\[0]+[\]zip{{+}*}%}*;
