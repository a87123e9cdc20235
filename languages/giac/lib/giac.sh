#!/bin/sh
# giac.sh FOLDER PROGRAM: Giac prints among remarks about itself, and by two ways: here both become the output, without the
# remarks, and an error ends with 1, where it would end with 0.
exec perl "$1/run.pl" -drop '^// |^Added \d+ synonyms$' -err '^"?[^"]*Error: |^:\d+: syntax error' \
  sh -c 'exec giac "$0" >&2' "$2" 2>&1
