package main

said := [sprintf("you said: %s", [line]) | some line in input]
