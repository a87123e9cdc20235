lines = unix_g("cat");
mprintf("%s\n", lines);
