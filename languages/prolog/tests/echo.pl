main :-
    read_line_to_string(user_input, Line),
    repeat_until_end(Line).

repeat_until_end(end_of_file) :- !.
repeat_until_end(Line) :-
    writeln(Line),
    main.
