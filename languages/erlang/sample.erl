#!/usr/bin/env escript
%% A thousand processes in a ring hand a number on, and each adds one to it.

main(_) ->
    Last = lists:foldl(fun(_, Next) -> spawn(fun() -> add_one(Next) end) end, self(), lists:seq(1, 1000)),
    Last ! 0,
    receive
        Count -> io:format("The number came back as ~p.~n", [Count])
    end,
    io:format("Even squares: ~p~n", [[X * X || X <- lists:seq(1, 12), X rem 2 =:= 0]]).

add_one(Next) ->
    receive
        N -> Next ! N + 1
    end.
