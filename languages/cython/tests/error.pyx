cdef int divide(int a, int b) except? -1:
    return a // b

print(divide(1, 0))
