#!/bin/sh
# From rules to C, and from there to a program. Errors in the C of the rules name the file of the rules.
set -e
flex -o "${1%.*}.yy.c" "$1"
gcc -O1 -o main "${1%.*}.yy.c"
