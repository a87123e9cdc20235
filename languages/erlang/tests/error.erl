#!/usr/bin/env escript
main(_) -> error(on_purpose).
