#!/bin/sh
# fasm writes a program, but does not say that it is one.
set -e
fasm "$1" main
chmod +x main
