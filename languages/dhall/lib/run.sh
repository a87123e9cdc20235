# Usage: run.sh main.dhall. Prints text as it is, and a value of any other type in its normal form. The type is asked for
# first, with nothing on the standard input, so that an import from there still finds all of it afterwards.
type=$(dhall type --file "$1" </dev/null) || exit 1
if [ "$type" = Text ]; then exec dhall text --file "$1"; fi
exec dhall --file "$1"
