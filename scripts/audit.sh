#!/usr/bin/env bash
# Asks whether anything that the product is made of has a known vulnerability, or a licence that we may not use. Without a way to
# the databases of vulnerabilities it says so and goes on: that is no fault of what is checked.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# not_asked WHAT: tells that a database could not be reached.
not_asked() {
  echo "NOT CHECKED: $1 could not be asked, so nothing is known about vulnerabilities there. Run \"make audit\" where it can be reached."
  grep -m1 -iE 'fetching|lookup|dial|ENOTFOUND|ECONN|E[0-9]{3}|not implemented|audit endpoint' "$out" | cut -c1-200 | sed 's/^/  it said: /' || true
}

echo "vulnerabilities in Go code that we call (govulncheck)"
if go tool govulncheck ./... >"$out" 2>&1; then
  tail -n 3 "$out"
elif grep -q 'fetching vulnerabilities' "$out"; then
  not_asked "the Go vulnerability database"
else
  cat "$out"
  failed=1
fi

echo "vulnerabilities in what the page is made of (npm audit)"
if (cd web && npm audit --omit=dev --audit-level=moderate) >"$out" 2>&1; then
  tail -n 1 "$out"
elif grep -qE '^(# npm audit report|[0-9]+ .*vulnerabilit)' "$out"; then
  cat "$out"
  failed=1
else
  not_asked "the npm registry"
fi

node scripts/licences.mjs || failed=1
exit $failed
