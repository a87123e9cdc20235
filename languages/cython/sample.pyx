# Counts primes with a sieve in C memory: typed loops run without the interpreter.
from libc.stdlib cimport calloc, free


cdef int count_primes(int limit) except -1:
    cdef char *composite = <char *>calloc(limit + 1, 1)
    cdef int i, j, count = 0
    if composite == NULL:
        raise MemoryError()
    try:
        for i in range(2, limit + 1):
            if not composite[i]:
                count += 1
                for j in range(2 * i, limit + 1, i):
                    composite[j] = 1
    finally:
        free(composite)
    return count


for power in range(1, 7):
    print(f"primes up to 10^{power}: {count_primes(10 ** power):>6}")
