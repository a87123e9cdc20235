# Usage: run.sh INTERPRETER main.brs. The interpreter ends with 0 when a program fails at run time, so its complaint, a place
# and a message, is looked for on its way out.
exec 3>&1
{
	"$1" -n "$2" 2>&1 >&3 || echo "$2: status $?"
} | {
	failed=0
	while IFS= read -r line; do
		case $line in
		"$2: status "*) failed=1 ;;
		"$2("*"): "*) failed=1 && printf '%s\n' "$line" >&2 ;;
		*) printf '%s\n' "$line" >&2 ;;
		esac
	done
	exit "$failed"
}
