COMPUTE x = nowhere.
EXECUTE.
