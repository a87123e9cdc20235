# Usage: run.sh CUE main.cue. Prints the file's data as JSON. CUE takes values from outside by tags: a field that is marked
# with @tag(stdin) gets the text of the standard input.
if grep -q '@tag(stdin[,)]' "$2"; then
	exec "$1" export -t "stdin=$(cat)" "$2"
fi
exec "$1" export "$2"
