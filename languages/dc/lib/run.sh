#!/bin/sh
# dc goes on after an error, says so on standard error, and ends with 0: what it said there decides.
exec 3>&1 4>&2
errors=$(
	dc "$1" 2>&1 >&3 3>&- | while IFS= read -r line; do
		printf '%s\n' "$line" >&4
		case $line in dc:*) echo 1 ;; esac
	done
)
[ -z "$errors" ]
