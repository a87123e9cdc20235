mprintf("so far\n")
x = nowhere(3)
