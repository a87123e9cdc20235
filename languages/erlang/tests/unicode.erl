#!/usr/bin/env escript
main(_) -> io:put_chars("Grüße, 世界 🌍\n").
