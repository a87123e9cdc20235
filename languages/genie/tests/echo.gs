[indent=4]
init
    line : string? = stdin.read_line ()
    while line is not null
        stdout.printf ("you said: %s\n", line)
        line = stdin.read_line ()
