#!/bin/sh
# Zoem says on standard error where it writes to, which everybody knows here; its other words are passed on.
file=$1
shift
zoem -i "${file%.azm}" -o - "$@" 2>/tmp/said
status=$?
grep -v '^=== writing to stdout' /tmp/said >&2
exit "$status"
