% Four colours are enough for any map: seven countries, and no border between two of the same colour.
:- use_module(library(lists)).

border(germany, france).      border(germany, austria).     border(germany, switzerland).
border(germany, belgium).     border(germany, luxembourg).  border(france, switzerland).
border(france, italy).        border(france, belgium).      border(austria, switzerland).
border(austria, italy).       border(switzerland, italy).  border(france, luxembourg).

colour(red).
colour(green).
colour(blue).
colour(yellow).

clash(Country, Colour, Map) :-
    ( border(Country, Other) ; border(Other, Country) ),
    member(Other-Colour, Map).

paint([], Map, Map).
paint([Country|Rest], Done, Map) :-
    colour(Colour),
    \+ clash(Country, Colour, Done),
    paint(Rest, [Country-Colour|Done], Map).

main :-
    paint([germany, france, austria, switzerland, italy, belgium, luxembourg], [], Map),
    reverse(Map, Ordered),
    show(Ordered).

show([]).
show([Country-Colour|Rest]) :- write(Country), write(': '), write(Colour), nl, show(Rest).
