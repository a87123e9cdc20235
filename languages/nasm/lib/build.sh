#!/bin/sh
# Assembles every file, and links what comes of it.
set -e
objects=
for source in "$@"; do
	object=${source%.*}.o
	nasm -f elf32 -o "$object" "$source"
	objects="$objects $object"
done
# Names of files with spaces are not for assembler.
ld -m elf_i386 -o main $objects
