# Usage: run.sh STARLARK main.star. All that it says comes on one stream, standard error: prints and mistakes.
exec "$1" "$2" 2>&1
