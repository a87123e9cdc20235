import Debug "mo:core/Debug";

let name = "world";
Debug.print("Hello, " # name # "!");
