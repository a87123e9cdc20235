#!/usr/bin/env escript
main(_) -> io:put_chars("Hello, world!\n").
