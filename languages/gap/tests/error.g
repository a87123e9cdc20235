Print("so far\n");
x := 1 / 0;
