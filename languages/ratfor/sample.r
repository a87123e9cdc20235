# Fortran with braces, as of 1976: a number is perfect when its divisors add up to it.
program perfect
    integer n, d, total
    integer kinds(3)
    data kinds / 3*0 /
    for (n = 2; n <= 10000; n = n + 1) {
        total = 1
        for (d = 2; d * d <= n; d = d + 1)
            if (mod(n, d) == 0) {
                total = total + d
                if (d * d != n)
                    total = total + n / d
            }
        if (total < n)
            kinds(1) = kinds(1) + 1
        else if (total > n)
            kinds(3) = kinds(3) + 1
        else {
            kinds(2) = kinds(2) + 1
            print '(i6, a)', n, ' is perfect'
        }
    }
    print '(i6, a, i5, a)', kinds(1), ' are too poor and', kinds(3), ' too rich'
end
