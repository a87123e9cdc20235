#!/bin/sh
# From a grammar to C, and from there to a program. Errors in the C of the grammar name the grammar.
set -e
bison -Wall -o "${1%.*}.tab.c" "$1"
gcc -O1 -o main "${1%.*}.tab.c"
