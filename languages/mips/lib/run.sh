#!/bin/sh
# SPIM begins with five lines about itself, ends with 0 after most errors, and loops for ever over a letter that is not ASCII:
# the banner is taken away, its words on standard error decide, and such letters become the escapes that it knows.
file=$1
shift
mkdir -p /tmp/ascii
LC_ALL=C awk 'BEGIN { for (i = 128; i < 256; i++) hex[sprintf("%c", i)] = sprintf("\\X%02X", i) }
	{
		line = ""
		for (i = 1; i <= length($0); i++) {
			c = substr($0, i, 1)
			line = line (c in hex ? hex[c] : c)
		}
		print line
	}' "$file" >/tmp/ascii/main.s || exit 1
{
	spim -quiet -file /tmp/ascii/main.s "$@" 2>/tmp/said
	echo $? >/tmp/status
} | {
	for _ in 1 2 3 4 5; do read -r _; done
	cat
}
cat /tmp/said >&2
status=$(cat /tmp/status)
case $(cat /tmp/said) in
*"spim:"* | *"Attempt to execute"* | *"undefined symbol"*) [ "$status" -ne 0 ] || status=1 ;;
esac
exit "$status"
