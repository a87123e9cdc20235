#!/usr/bin/env bash
# size.sh: how large what we ship is, and how much of it we wrote.
set -euo pipefail
cd "$(dirname "$0")/.."
kb() { echo "$(($1 / 1000)) kB"; }
if [ -f bin/codecollab ]; then
  echo "binary          $(kb "$(stat -c %s bin/codecollab)")"
fi
if [ -f web/app/dist/index.html ]; then
  total=0
  while IFS= read -r -d '' file; do
    size=$(gzip -9 -c "$file" | wc -c)
    total=$((total + size))
    printf '%-60s %8s gz\n' "${file#web/app/dist/}" "$(kb "$size")"
  done < <(find web/app/dist -type f \( -name '*.js' -o -name '*.css' -o -name '*.html' \) -print0 | sort -z)
  echo "page            $(kb "$total") gz, all parts together"
fi
lines() { git ls-files -z -- "$@" | xargs -0 --no-run-if-empty cat | wc -l; }
echo "Go              $(lines '*.go' ':!*_test.go') lines, tests $(lines '*_test.go')"
echo "TypeScript      $(lines 'web/*/src/*.ts' 'web/*/src/*.tsx' ':!*.gen.ts' ':!*.test.ts' ':!*.test.tsx') lines, tests $(lines 'web/*.test.ts' 'web/*.test.tsx' 'web/*/test/*.ts' 'web/e2e/*.ts')"
