#!/bin/sh
# ratfor.sh PROGRAM STEM: translates it to Fortran and compiles that. Ratfor ends with 0 whatever it complained of.
complaints=$(ratfor -o "$2.f" "$1" 2>&1)
if [ -n "$complaints" ]; then
  printf '%s\n' "$complaints" >&2
  exit 1
fi
exec gfortran -std=legacy -ffixed-line-length-none -O2 -o "$2" "$2.f"
