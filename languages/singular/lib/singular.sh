#!/bin/sh
# singular.sh PROGRAM: runs it and then leaves; what it did not read of standard input is not taken for commands.
case $1 in *[\"\\]*) echo "$1: a name must not hold quotes or backslashes" >&2; exit 2 ;; esac
exec Singular -q --no-tty --no-rc --execute="execute(read(\"$1\")); quit;"
