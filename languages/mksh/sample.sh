# The game of Nim is won by whoever leaves an exclusive or of nothing: this plays both sides, the first one well.
set -A heaps 3 5 7

show() {
	local heap line
	for heap in "${heaps[@]}"; do
		line=
		while ((heap-- > 0)); do line+='|'; done
		print -r -- "  $line"
	done
}

best() {
	typeset -i sum=0 i want
	for i in 0 1 2; do ((sum ^= heaps[i])); done
	for i in 0 1 2; do
		((want = heaps[i] ^ sum))
		if ((want < heaps[i])); then
			print "take $((heaps[i] - want)) from heap $((i + 1))"
			heaps[i]=$want
			return
		fi
	done
	print 'no move wins'
}

show
best
show
