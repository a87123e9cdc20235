main :- writeln('Hello, world!').
