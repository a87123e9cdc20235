% SEND + MORE = MONEY, each letter a digit of its own: the constraint solver finds out which.
:- initialization(main).

puzzle([S, E, N, D, M, O, R, Y]) :-
    Digits = [S, E, N, D, M, O, R, Y],
    fd_domain(Digits, 0, 9),
    fd_all_different(Digits),
    S #> 0,
    M #> 0,
    1000 * S + 100 * E + 10 * N + D + 1000 * M + 100 * O + 10 * R + E #=
        10000 * M + 1000 * O + 100 * N + 10 * E + Y,
    fd_labeling(Digits).

main :-
    puzzle([S, E, N, D, M, O, R, Y]),
    format("  ~d~d~d~d~n+ ~d~d~d~d~n-------~n ~d~d~d~d~d~n", [S, E, N, D, M, O, R, E, M, O, N, E, Y]).
