main :- X is apples + 1, write(X), nl.
