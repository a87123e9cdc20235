print("so far")
shelf = (1, 2)
print(shelf[5])
