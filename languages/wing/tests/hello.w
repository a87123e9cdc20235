let name = "world";
log("Hello, {name}!");
