#!/bin/sh
# bc goes on after an error, says so on standard error, and ends with 0: what it said there decides. $2 ends the program before
# bc takes standard input for more of it.
exec 3>&1 4>&2
errors=$(
	bc -q -l "$1" "$2" 2>&1 >&3 3>&- | while IFS= read -r line; do
		printf '%s\n' "$line" >&4
		case $line in *error* | *"ivide by zero"*) echo 1 ;; esac
	done
)
[ -z "$errors" ]
