main :- X is apples + 1, writeln(X).
