#!/bin/sh
# Assembles every file, and links what comes of it.
set -e
objects=
for source in "$@"; do
	object=${source%.*}.o
	riscv64-linux-gnu-as -g -o "$object" "$source"
	objects="$objects $object"
done
# Not quoted: one word for each object.
riscv64-linux-gnu-ld -o main $objects
