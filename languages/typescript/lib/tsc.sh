#!/bin/sh
# The native compiler by itself: its wrapper would cost the start of Node a second time. $1 is the folder of npm's packages.
packages=$1
shift
exec "$packages"/@typescript/typescript-linux-*/lib/tsc "$@"
