# A tree drawn with loops and expansions, in a shell that is written in Go.
height=6
for ((row = 1; row <= height; row++)); do
	printf "%$((height - row))s"
	for ((i = 1; i < 2 * row; i++)); do
		case $(((row * 7 + i * 3) % 11)) in
		0) printf 'o' ;;
		5) printf '+' ;;
		*) printf '^' ;;
		esac
	done
	echo
done
printf "%${height}s\n" '|'

words=(merry happy bright)
echo "${words[@]^}, ${#words[@]} words and ${words[1]/happy/jolly} too"
