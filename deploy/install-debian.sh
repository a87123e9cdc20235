#!/usr/bin/env bash
# install-debian.sh BINARY [LANGUAGES]: installs CodeCollab on Debian or Ubuntu as two services. LANGUAGES is core (the default), all, none,
# or a list of ids in quotes. A second time it brings everything up to date; data and token stay.
set -euo pipefail
cd "$(dirname "$0")"

[ $# -ge 1 ] && [ -f "$1" ] || { echo "usage: install-debian.sh BINARY [core|all|none|\"ID ID…\"]; make build makes bin/codecollab" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "install-debian.sh must be run as root" >&2; exit 1; }
languages=${2:-core}

echo "installing what environments are made with"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends ca-certificates debian-archive-keyring debootstrap mount >/dev/null

# A program that is running cannot be written over, but replaced.
install -m 755 "$1" /usr/local/bin/codecollab.new
mv /usr/local/bin/codecollab.new /usr/local/bin/codecollab

mkdir -p /etc/codecollab
if [ ! -s /etc/codecollab/runner-token ]; then
  (umask 077; head -c 32 /dev/urandom | base64 | tr -d '\n' >/etc/codecollab/runner-token)
fi
install -D -m 644 -t /etc/systemd/system codecollab.service codecollab-runner.service

case $languages in
none) ;;
core | all) codecollab languages install "--$languages" --yes ;;
*)
  read -ra ids <<<"$languages"
  codecollab languages install --yes "${ids[@]}"
  ;;
esac

if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable --quiet codecollab-runner codecollab
  systemctl restart codecollab-runner codecollab
  echo "CodeCollab is on port 8080 of this machine; what it can do here, codecollab doctor says."
else
  echo "There is no systemd here. Start: codecollab serve --data /var/lib/codecollab"
fi
