#!/bin/sh
# A program for sed does something with every line; one empty line where there is no input lets it do anything at all.
file=$1
shift
{
	IFS= read -r first
	read_all=$?
	printf '%s\n' "$first"
	[ "$read_all" -ne 0 ] || cat
} | sed -u -f "$file" "$@"
