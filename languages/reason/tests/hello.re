let name = "world";
print_endline("Hello, " ++ name ++ "!");
