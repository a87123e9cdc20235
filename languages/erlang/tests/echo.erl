#!/usr/bin/env escript
main(_) ->
    case io:get_line("") of
        eof -> ok;
        Line -> io:put_chars(["you said: ", Line]), main([])
    end.
