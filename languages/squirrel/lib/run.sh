# Usage: run.sh main.nut [argument…]. The interpreter ends with 0 when a program fails at run time, so its complaint is looked
# for on its way out.
exec 3>&1
{
	squirrel "$@" 2>&1 >&3 || echo "$1: status $?"
} | {
	failed=0
	while IFS= read -r line; do
		case $line in
		"$1: status "*) failed=1 ;;
		"AN ERROR HAS OCCURRED ["*) failed=1 && printf '%s\n' "$line" >&2 ;;
		*) printf '%s\n' "$line" >&2 ;;
		esac
	done
	exit "$failed"
}
