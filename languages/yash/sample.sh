# Lists and slices of them, which the standard shell lacks: the towers of Hanoi with four discs.
left=(4 3 2 1)
middle=()
right=()
moves=0

move() {
	eval "disc=\${$1[#]}"
	eval "disc=\${$1[disc]}"
	array -d "$1" -1
	eval "$2=(\"\${$2}\" $disc)"
	moves=$((moves + 1))
	printf '%2d. disc %s from %s to %s\n' "$moves" "$disc" "$1" "$2"
}

hanoi() {
	if [ "$1" -gt 0 ]; then
		hanoi $(($1 - 1)) "$2" "$4" "$3"
		move "$2" "$4"
		hanoi $(($1 - 1)) "$3" "$2" "$4"
	fi
}

hanoi 4 left middle right
echo "right: ${right}"
