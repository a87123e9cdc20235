printf("so far\n");
throw RunTimeError, "on purpose";
