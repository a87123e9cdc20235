local name = "world";
print("Hello, " + name + "!\n");
