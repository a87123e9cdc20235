# Numbers as the Romans wrote them, with what every POSIX shell has and nothing more.
roman() {
	left=$1
	out=
	for pair in 1000:M 900:CM 500:D 400:CD 100:C 90:XC 50:L 40:XL 10:X 9:IX 5:V 4:IV 1:I; do
		value=${pair%%:*}
		while [ "$left" -ge "$value" ]; do
			out=$out${pair#*:}
			left=$((left - value))
		done
	done
	printf '%5d is %s\n' "$1" "$out"
}

for year in 4 49 476 1492 1969 2024 3999; do
	roman "$year"
done
