# Usage: run.sh main.ck. ChucK ends with 0 whatever happened, so its complaints are looked for on their way out.
file=$1
shift
exec 3>&1
chuck --silent "$file${1:+:$1}" 2>&1 >&3 3>&- | {
	failed=0
	while IFS= read -r line; do
		printf '%s\n' "$line" >&2
		case $line in
		*.ck:*:*": error: "* | "[chuck]:(EXCEPTION)"*) failed=1 ;;
		esac
	done
	exit "$failed"
} 3>&-
