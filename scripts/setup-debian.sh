#!/usr/bin/env bash
# setup-debian.sh installs what the tests need and a Debian machine may lack: the ten languages that they run programs in (each
# language.toml says which packages), a C compiler for Go's race detector, an OCI runtime, debootstrap for environments, Chromium,
# identity providers, and the services of an installation of several nodes.
# What is there is left alone. All other languages go into environments (codecollab languages install) and leave the machine alone.
# As root it installs; in CI it may use sudo; else it says what to install and fails.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${CODECOLLAB_RUNNER_DATA:-/var/cache/codecollab}

tested=(bash c cpp go java javascript perl python ruby typescript)

# listed KEY FOLDER…: the words of that list in the [install] and [analyse] sections of languages. Staticcheck is the one that go.mod
# pins: Debian's knows no newer Go.
listed() {
  local key=$1 folder
  shift
  for folder in "$@"; do
    sed -n "/^\[\(install\|analyse\)\]/,/^\[[hrvcefl]/s/^$key *= *\[\(.*\)\].*/\1/p" "languages/$folder/language.toml"
  done | tr -d '" ' | tr ',' '\n' | { grep -vx go-staticcheck || true; } | sort -u
}

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
# Identity providers that others wrote (make test-sso).
providers=(simplesamlphp php-cli php-xml php-sqlite3 liblemonldap-ng-portal-perl liblasso-perl libplack-perl libio-string-perl libstring-random-perl libxml-simple-perl)
# What several nodes stand on and behind, who looks at their metrics, and a voice that talks.
services=(postgresql redis-server nginx-light haproxy caddy prometheus espeak-ng)
# Hosts of their own with a firewall between them, and another browser (make test-network).
networks=(iproute2 nftables firefox-esr)
for package in bash ca-certificates chromium chromium-headless-shell debian-archive-keyring debootstrap g++ gcc git libc6-dev make runc "${providers[@]}" "${services[@]}" "${networks[@]}" $(listed apt "${tested[@]}"); do
  present "$package" || missing+=("$package")
done
mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sed '/^$/d' | sort -u)

# What npm brings for a language is in a folder of its own, as `codecollab languages install` would put it there.
npm_missing=()
for folder in "${tested[@]}"; do
  for package in $(listed npm "$folder"); do
    [ -d "$data/tools/$folder/node_modules/${package%@*}" ] || npm_missing+=("$folder")
  done
done
mapfile -t npm_missing < <(printf '%s\n' "${npm_missing[@]}" | sed '/^$/d' | sort -u)

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
    for folder in "${npm_missing[@]}"; do
      echo "  sudo npm install --prefix $data/tools/$folder --ignore-scripts $(listed npm "$folder" | xargs)" >&2
    done
    exit 1
  fi
fi

if ! command -v apt-get >/dev/null; then
  echo "This is no Debian: please install ${missing[*]} by hand, and what npm has for ${npm_missing[*]}." >&2
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
for folder in "${npm_missing[@]}"; do
  mapfile -t packages < <(listed npm "$folder")
  echo "installing ${packages[*]} into $data/tools/$folder"
  quietly "${as_root[@]}" mkdir -p "$data/tools/$folder"
  quietly "${as_root[@]}" npm install --prefix "$data/tools/$folder" --ignore-scripts --no-audit --no-fund --no-package-lock "${packages[@]}"
done
