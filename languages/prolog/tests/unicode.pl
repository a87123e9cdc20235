:- initialization(main).

main :- writeln('Grüße, 世界 🌍').
