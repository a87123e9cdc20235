% Loads the program, calls its main, and ends with 1 when a clause could not be read or a goal failed, instead of asking what to do.
:- initialization(run, main).

:- dynamic asked/0.

% A program that starts main by itself must not have it started twice.
user:term_expansion((:- initialization(main)), (:- initialization(main))) :- assertz(asked).
user:term_expansion((:- initialization(main, _)), []).

run :-
    current_prolog_flag(argv, [File|Rest]),
    set_prolog_flag(argv, Rest),
    load_files(user:File),
    ( asked -> true ; current_predicate(user:main/0) -> call_main ; true ),
    statistics(errors, Errors),
    ( Errors > 0 -> halt(1) ; true ).

call_main :-
    catch_with_backtrace(user:main, Error, ended(Error)),
    !.
call_main :-
    format(user_error, "main: false~n", []),
    halt(1).

ended(unwind(Why)) :- !, throw(unwind(Why)).  % halt, in newer releases
ended(Error) :- print_message(error, unhandled_exception(Error)), halt(2).
