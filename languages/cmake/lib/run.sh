#!/bin/sh
# What a script says with message() goes to standard error, as it is meant for people. Here it is what the program prints:
# the two streams change places, and what was there for failures still decides the exit status.
file=$1
shift
exec cmake -P "$file" "$@" 3>&1 1>&2 2>&3 3>&-
