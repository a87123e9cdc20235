cdef str name = "world"
print(f"Hello, {name}!")
