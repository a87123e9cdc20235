# Usage: run.sh OPA main.rego. Prints the documents that the rules define. A program that mentions the input document gets
# it from the standard input, in JSON.
if grep -q '^[^#]*\binput\b' "$2"; then
	exec "$1" eval --strict-builtin-errors -f pretty -I -d "$2" data
fi
exec "$1" eval --strict-builtin-errors -f pretty -d "$2" data </dev/null
