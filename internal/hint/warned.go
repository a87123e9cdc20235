package hint

import "regexp"

// certain are warnings that a program which does what it should hardly ever gets.
var certain = regexp.MustCompile(`(?i)returns? address of local|format .* expects|wrong type|sizeof. on array function parameter|-Wsizeof-(pointer|array)|` +
	`all paths through this function|infinite recursion|used as truth value|outside array bounds|is used uninitialized|control reaches end of non-void|` +
	`used after .*free|-Wuse-after-free|passes lock by value|arguments? but .* has|missing argument|reads arg #|self-assignment|result of .* call not used`)

// surely is the confidence of those.
const surely = .82

// warned is how likely it is that a warning of a compiler or analyser about a program that runs is about its fault.
func warned(f Fact) float64 {
	if f.Category != Other && f.Category != Unused && certain.MatchString(f.Message) {
		return surely
	}
	return f.Confidence * .8
}
