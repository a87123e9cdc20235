# Usage: run.sh main.mp. Draws the figures as SVG, and prints what the program said, without MetaPost's own remarks about
# files. When it stops at an error, everything is printed.
if ! mpost -interaction=scrollmode -halt-on-error \
	-s 'outputformat="svg"' -s 'outputtemplate="%j-%c.svg"' "$1" >.mp.said; then
	cat .mp.said
	exit 1
fi
sed -E \
	-e '/^This is MetaPost|^\(|^Preloading the plain mem file|^[0-9]+ output files? written: |^Transcript written on /d' \
	-e '/^[ )]*(\[[0-9]+\] ?)*[ )]*$/d' -e 's/ *(\[[0-9]+\] ?)* *\)$//' .mp.said
