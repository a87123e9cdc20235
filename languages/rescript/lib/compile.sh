# Usage: compile.sh PACKAGES Main.res Main. Without a project around it, the compiler prints the JavaScript, in which the
# paths to its library are written in a way ("js/./Stdlib.js") that Node does not take.
set -e
"$1/linux-x64/bin/bsc.exe" -runtime-path "$1/runtime" "$2" >"$3.js"
sed -i 's#require("@rescript/runtime/lib/js/\./#require("@rescript/runtime/lib/js/#' "$3.js"
