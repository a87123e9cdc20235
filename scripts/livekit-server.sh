#!/usr/bin/env bash
# Builds the LiveKit server that web/e2e/livekit/server/go.mod pins, once for all checkouts, and says where it is. Its sources come by the Go
# module proxy; the first time takes a minute or two.
#
# The pin stays at 1.13.5 for now: later ones replace three modules of Pion by forks of their own, which proxies may not have.
set -euo pipefail
cd "$(dirname "$0")/../web/e2e/livekit/server"
kept=${XDG_CACHE_HOME:-$HOME/.cache}/codecollab-livekit
program=$kept/$(cat go.mod go.sum | sha256sum | cut -c1-16)-$(go env GOVERSION)/livekit-server
if [ ! -x "$program" ]; then
  echo "building LiveKit's server (the first time takes a minute or two)" >&2
  mkdir -p "$(dirname "$program")"
  GOFLAGS=-mod=readonly go build -buildvcs=false -trimpath -ldflags '-s -w' -o "$program.new" github.com/livekit/livekit-server/cmd/server >&2
  mv "$program.new" "$program"
fi
echo "$program"
