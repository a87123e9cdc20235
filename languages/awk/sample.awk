# Text as a picture: how often does each letter stand in a sentence?
function bar(n,    text) {
	while (n-- > 0) {
		text = text "▇"
	}
	return text
}

BEGIN {
	sentence = "She sells sea shells by the sea shore; the shells she sells are sea shells, I am sure."
	total = split(tolower(sentence), letters, "")
	for (i = 1; i <= total; i++) {
		if (letters[i] ~ /[a-z]/) {
			count[letters[i]]++
		}
	}
	PROCINFO["sorted_in"] = "@val_num_desc"
	for (letter in count) {
		if (count[letter] >= 4) {
			printf "%s %2d %s\n", letter, count[letter], bar(count[letter])
		}
	}
}
