#!/bin/sh
# Assembles every file, and links what comes of it.
set -e
objects=
for source in "$@"; do
	object=${source%.*}.o
	yasm -f elf64 -o "$object" "$source"
	objects="$objects $object"
done
# Not quoted: one word for each object.
ld -o main $objects
