#!/bin/sh
# clips.sh PROGRAM: runs it and then leaves, where CLIPS itself would go on to read commands, even after the end of them.
case $1 in *[\"\\]*) echo "$1: a name must not hold quotes or backslashes" >&2; exit 2 ;; esac
start=$(mktemp) || exit 2
printf '(batch* "%s")\n(exit)\n' "$1" >"$start"
exec clips -f2 "$start"
