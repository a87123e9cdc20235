package hint

import "regexp"

// verdict is what a rule of an analyser means.
type verdict struct {
	category   Category
	confidence float64
}

// ruleName finds the rule in a message: behind it in brackets, or before it.
var ruleName = regexp.MustCompile(`[\[(](?:-W)?([A-Za-z][\w-]*)[\])]$|^([EWFRC]\d{4}) `)

// ruleOf is the rule that a message names; empty when it names none.
func ruleOf(message string) string {
	m := ruleName.FindStringSubmatch(message)
	if m == nil {
		return ""
	}
	return m[1] + m[2]
}

// weak is the confidence of what analysers say about style, or of rules that nobody has weighed.
const weak = .3

// weigh says what a message of an analyser is worth. The rule knows better than the words: a word like "expected" is in many.
func weigh(message string, words verdict) verdict {
	rule := ruleOf(message)
	if v, ok := rules[rule]; ok {
		return v
	}
	if rule != "" && words.confidence < surely {
		words.confidence = min(words.confidence, weak)
	}
	return words
}

// rules are those that find faults. What a tool claims and a run must bear out is below Sure: it names the kind where a crash or a
// repair names the line.
var rules = map[string]verdict{
	// gcc -fanalyzer
	"Wanalyzer-double-free": {Memory, .9}, "Wanalyzer-use-after-free": {Memory, .9}, "Wanalyzer-free-of-non-heap": {Memory, .9},
	"Wanalyzer-null-dereference": {NullDeref, .85}, "Wanalyzer-null-argument": {NullDeref, .8}, "Wanalyzer-possible-null-dereference": {MissingGuard, .4},
	"Wanalyzer-malloc-leak": {Memory, .5}, "Wanalyzer-file-leak": {Memory, .4}, "Wanalyzer-use-of-uninitialized-value": {Uninitialised, .85},
	"Wanalyzer-out-of-bounds": {IndexOutOfRange, .85}, "Wanalyzer-infinite-recursion": {MissingBaseCase, .85}, "Wanalyzer-double-fclose": {Memory, .85},
	"Wanalyzer-shift-count-overflow": {Overflow, .7}, "Wanalyzer-mismatching-deallocation": {Memory, .8},

	// staticcheck
	"SA4006": {Unused, .5}, "SA5000": {NullDeref, .85}, "SA5007": {MissingBaseCase, .85}, "SA5011": {NullDeref, .5}, "SA4000": {WrongOperator, .7},
	"SA4005": {StateMutation, .8}, "SA4010": {Unused, .5}, "SA4017": {APIMisuse, .8}, "SA5009": {TypeMismatch, .8}, "SA6005": {APIMisuse, weak},
	"SA4003": {WrongCondition, .75}, "SA4008": {InfiniteLoop, .7}, "SA4004": {WrongCondition, .6}, "SA2001": {APIMisuse, .5}, "SA1006": {APIMisuse, .5},
	"SA4018": {WrongVariable, .6}, "SA4022": {WrongCondition, .6}, "SA5012": {WrongVariable, .7}, "SA9003": {MissingGuard, .5},

	// eslint
	"no-undef": {UndeclaredName, .85}, "no-const-assign": {StateMutation, .9}, "use-isnan": {WrongCondition, .8}, "valid-typeof": {WrongCondition, .75},
	"array-callback-return": {MissingReturn, .75}, "getter-return": {MissingReturn, .75}, "no-fallthrough": {WrongCondition, .6},
	"no-self-compare": {WrongVariable, .7}, "no-self-assign": {WrongVariable, .6}, "no-cond-assign": {WrongOperator, .85}, "for-direction": {InfiniteLoop, .85},
	"no-unmodified-loop-condition": {InfiniteLoop, .5}, "no-loss-of-precision": {Overflow, .7}, "no-unsafe-negation": {WrongOperator, .75},
	"no-dupe-keys": {WrongVariable, .5}, "no-dupe-else-if": {WrongCondition, .75}, "no-duplicate-case": {WrongCondition, .75}, "no-unreachable": {Other, .5},
	"no-compare-neg-zero": {WrongCondition, .7}, "no-unused-expressions": {WrongOperator, .6}, "no-func-assign": {StateMutation, .8}, "eqeqeq": {WrongOperator, weak},

	// pylint
	"E0602": {UndeclaredName, .85}, "E0601": {Uninitialised, .85}, "E0606": {Uninitialised, .6}, "E1101": {UndeclaredName, .6}, "W0102": {StateMutation, .6},
	"E1120": {WrongVariable, .75}, "E1121": {WrongVariable, .75}, "E1123": {WrongVariable, .75}, "W0104": {APIMisuse, .5}, "W0106": {APIMisuse, .5}, "W0631": {WrongVariable, .5},
	"E1111": {APIMisuse, .8}, "E1128": {APIMisuse, .8}, "W0143": {APIMisuse, .7}, "R0124": {WrongVariable, .6}, "W0640": {Other, weak},
	"E1136": {TypeMismatch, .7}, "E0102": {Other, weak}, "W0127": {WrongVariable, .5}, "W0101": {Other, .5}, "E1133": {TypeMismatch, .7}, "E1126": {TypeMismatch, .7},

	// shellcheck
	"SC2154": {UndeclaredName, .6}, "SC2086": {MissingGuard, weak}, "SC1068": {Syntax, .85}, "SC2068": {MissingGuard, weak}, "SC2077": {WrongCondition, .85},
	"SC2050": {WrongCondition, .8}, "SC2071": {WrongOperator, .85}, "SC2030": {StateMutation, .5}, "SC2031": {StateMutation, .75}, "SC2081": {WrongOperator, .75},
	"SC1069": {Syntax, .85}, "SC1035": {Syntax, .85}, "SC1073": {Syntax, .8}, "SC1072": {Syntax, .8}, "SC2034": {Unused, .5}, "SC1007": {Syntax, .6},
	"SC2066": {WrongVariable, .7}, "SC2078": {WrongCondition, .85}, "SC2160": {WrongCondition, .7}, "SC2161": {WrongCondition, .7}, "SC2283": {Syntax, .85},
	"SC2157": {WrongCondition, .75}, "SC2170": {WrongOperator, .8}, "SC2309": {WrongOperator, .7}, "SC2035": {MissingGuard, weak},
}
