import Debug "mo:core/Debug";

Debug.print("before");
let numbers = [1, 2, 3];
assert numbers[0] == 2;
