#!/usr/bin/env bash
# fuzz.sh TIME: every fuzz target of the repository, TIME each. A failing input is left in the package's testdata/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-20s}
grep -rnoE --include='*_test.go' --exclude-dir=node_modules '^func Fuzz[A-Za-z0-9_]+' . | while IFS=: read -r file _ func; do
  target=${func#func }
  echo "fuzz $target in $(dirname "$file"), $time"
  go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$(dirname "$file")" </dev/null
done
