% Who lives where? Three friends, three houses, and only hints.
next_to(A, B) :- 1 is abs(A - B).

solve(Houses) :-
    Houses = [anna-A, bruno-B, carla-C],
    permutation([1, 2, 3], [A, B, C]),
    A \= 1,             % Anna does not live in the first house
    next_to(B, C),      % Bruno and Carla are neighbours
    B < C.              % and Bruno has the lower number

main :-
    forall(
        ( solve(Houses), member(Name-Number, Houses) ),
        format("~w lives in house ~d~n", [Name, Number])
    ),
    findall(H, solve(H), All),
    length(All, N),
    format("There is ~d way to settle them.~n", [N]).
