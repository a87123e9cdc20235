write, format="Yorick %s\n", Y_VERSION;
