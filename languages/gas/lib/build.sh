#!/bin/sh
# Assembles every file, and links what comes of it.
set -e
objects=
for source in "$@"; do
	object=${source%.*}.o
	as --64 -g -o "$object" "$source"
	objects="$objects $object"
done
# Not quoted: one word for each object.
ld -o main $objects
