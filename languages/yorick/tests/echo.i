input = open("/dev/stdin");
while (line = rdline(input)) write, format="%s\n", line;
