write, format="%s\n", "so far";
x = nowhere(1);
