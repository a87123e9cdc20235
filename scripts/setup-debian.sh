#!/usr/bin/env bash
# setup-debian.sh installs what the tests need and a Debian 12 machine may lack: the languages that programs are run in
# (languages/*/language.toml says which packages), a C compiler for Go's race detector, an OCI runtime, and Chromium. What is there is left alone.
# As root it installs; in CI it may use sudo; else it says what to install and fails.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${CODECOLLAB_RUNNER_DATA:-/var/cache/codecollab}

# listed KEY: the words of that list in the [install] sections of the languages
listed() { sed -n "s/^$1 *= *\[\(.*\)\].*/\1/p" languages/*/language.toml | tr -d '" ' | tr ',' '\n' | sort -u; }

# A Go or Node that did not come by apt is as good, and often newer.
present() {
  case $1 in
  golang-go) command -v go >/dev/null ;;
  nodejs) command -v node >/dev/null ;;
  chromium) command -v chromium >/dev/null || [ -x /usr/bin/chromium ] ;;
  *) [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ;;
  esac
}

missing=()
for package in bash ca-certificates chromium g++ gcc git libc6-dev make runc $(listed apt); do
  present "$package" || missing+=("$package")
done
mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sed '/^$/d' | sort -u)

npm_missing=()
for package in $(listed npm); do
  [ -d "$data/npm/node_modules/${package%@*}" ] || npm_missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ] && [ ${#npm_missing[@]} -eq 0 ]; then
  echo "nothing is missing"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if [ "${CI:-}" ] && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  else
    echo "Some of what the tests need is not there. Install it, then try again:" >&2
    [ ${#missing[@]} -eq 0 ] || echo "  sudo apt-get install ${missing[*]}" >&2
    [ ${#npm_missing[@]} -eq 0 ] || echo "  sudo npm install --prefix $data/npm --ignore-scripts ${npm_missing[*]}" >&2
    exit 1
  fi
fi

if ! command -v apt-get >/dev/null; then
  echo "This is no Debian: please install ${missing[*]} ${npm_missing[*]} by hand." >&2
  exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() { "$@" </dev/null >"$log" 2>&1 || { cat "$log" >&2; echo "failed: $*" >&2; exit 1; }; }

if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]}"
  quietly "${as_root[@]}" apt-get update -qq
  quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends "${missing[@]}"
fi
if [ ${#npm_missing[@]} -gt 0 ]; then
  echo "installing ${npm_missing[*]} into $data/npm"
  quietly "${as_root[@]}" mkdir -p "$data/npm"
  quietly "${as_root[@]}" npm install --prefix "$data/npm" --ignore-scripts --no-audit --no-fund "${npm_missing[@]}"
fi
