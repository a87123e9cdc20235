#!/usr/bin/env bash
# need.sh go|node …: says in plain words what is missing to build, and how to get it.
set -euo pipefail
cd "$(dirname "$0")/.."

# at_least HAVE WANT: both like 1.26 or 20.19.3
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

status=0
for tool in "$@"; do
  case $tool in
  go)
    want=1.26
    have=$(go env GOVERSION 2>/dev/null | sed 's/^go//; s/[^0-9.].*//' || true)
    how="https://go.dev/dl: unpack the archive into /usr/local and put /usr/local/go/bin into PATH"
    ;;
  node)
    want=20.19
    have=$(node --version 2>/dev/null | sed 's/^v//' || true)
    how="https://nodejs.org/en/download, or the nodejs package of your system if it is new enough"
    command -v npm >/dev/null || have=""
    ;;
  *) echo "need.sh: what is $tool?" >&2; exit 2 ;;
  esac
  if [ -z "$have" ]; then
    echo "CodeCollab needs $tool $want or newer, and there is none. Get it from $how." >&2
    status=1
  elif ! at_least "$have" "$want"; then
    echo "CodeCollab needs $tool $want or newer, and this is $have. Get it from $how." >&2
    status=1
  fi
done
exit $status
