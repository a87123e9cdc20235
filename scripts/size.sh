#!/usr/bin/env bash
# size.sh: how large the binary is, and how much of it we wrote.
set -euo pipefail
cd "$(dirname "$0")/.."
kb() { echo "$(($1 / 1000)) kB"; }
[ ! -f bin/codecollab ] || echo "binary          $(kb "$(stat -c %s bin/codecollab)")"
lines() { git ls-files -z -- "$@" | xargs -0 --no-run-if-empty cat | wc -l; }
echo "Go              $(lines '*.go' ':!*_test.go') lines, tests $(lines '*_test.go')"
echo "TypeScript      $(lines 'web/*/src/*.ts' 'web/*/src/*.tsx' ':!*.gen.ts' ':!*.test.ts' ':!*.test.tsx') lines, tests $(lines 'web/*.test.ts' 'web/*.test.tsx' 'web/*/test/*.ts' 'web/e2e/*.ts')"
