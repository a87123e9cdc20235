# Usage: run.sh main.gpt. The interpreter ends with 0 when it does not understand a program, so its complaint, a file and a
# line, is looked for on its way out.
exec 3>&1
{
	gpt -i "$1" 2>&1 >&3 || echo "$1: status $?"
} | {
	failed=0
	while IFS= read -r line; do
		case $line in
		"$1: status "*) failed=1 ;;
		"$1:"*" - "*) failed=1 && printf '%s\n' "$line" >&2 ;;
		*) printf '%s\n' "$line" >&2 ;;
		esac
	done
	exit "$failed"
}
