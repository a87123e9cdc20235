#!/bin/sh
# All files are read first, so that ghdl finds out itself in which order they must be analysed.
set -e
ghdl -i --std=08 "$@"
ghdl -m --std=08 main
