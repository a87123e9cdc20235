#!/bin/sh
# The program itself: the package starts it through Node, which takes longer than it does. $1 is the folder of npm's packages.
packages=$1
shift
exec "$packages"/@nushell/linux-*/bin/nu "$@"
