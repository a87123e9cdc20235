# Usage: compile.sh COMPILER main.re main. Without a project around it, the compiler prints the JavaScript.
exec "$1" "$2" >"$3.js"
