// Package mistakes knows mistakes that people make again and again, and finds them in a program by its text alone: a list that is
// the default of an argument, a method whose result is thrown away, a loop that goes one too far. It never runs anything, and it
// would rather miss a mistake than name one that is none.
package mistakes

import (
	"cmp"
	"slices"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// Mistake is one that was found.
type Mistake struct {
	Rule string // names the sentence that is said about it
	Kind string // of fault, as categories of hints are called
	Line int    // from 1
	What string // a piece of the program that the sentence is about
	Sure float64
}

// rule is one kind of mistake.
type rule struct {
	name      string
	kind      string
	sure      float64 // how often it is the fault, when something is wrong with the program
	languages string
	find      func(p *program, hit func(line int, what string))
}

// Find finds all mistakes in a text, the surest first.
func Find(t *source.Text) (out []Mistake) {
	p := newProgram(t)
	for _, r := range rules() {
		if !slices.Contains(strings.Fields(r.languages), t.Lang.ID) {
			continue
		}
		r.find(p, func(line int, what string) {
			m := Mistake{Rule: r.name, Kind: r.kind, Line: line, What: what, Sure: r.sure}
			if !slices.Contains(out, m) {
				out = append(out, m)
			}
		})
	}
	slices.SortStableFunc(out, func(a, b Mistake) int { return cmp.Compare(b.Sure, a.Sure) })
	return out
}

// Rules are the names of all rules.
func Rules() (out []string) {
	for _, r := range rules() {
		if !slices.Contains(out, r.name) {
			out = append(out, r.name)
		}
	}
	return out
}

const (
	anywhere = "python javascript java go c c++"
	braces   = "javascript java go c c++"
	semis    = "javascript java c c++"
	typed    = "java c c++"
)

// rules is the table of all mistakes.
func rules() []rule {
	return []rule{
		{"mutable-default", "state-mutation", .9, "python", mutableDefault},
		{"no-effect", "wrong-operator", .85, "python javascript c c++", comparedAlone},
		{"unused-value", "missing-return", .85, "python javascript", valueAlone},
		{"discarded", "api-misuse", .9, "python javascript java go", discarded},
		{"nothing-returned", "api-misuse", .9, "python", nothingReturned},
		{"identity", "wrong-operator", .9, "python", identityOfLiteral},
		{"identity", "wrong-operator", .9, "java", stringsByIdentity},
		{"identity", "wrong-operator", .9, "c", stringsByIdentity},
		{"literal-or", "wrong-condition", .9, "python javascript c", literalOr},
		{"shared-rows", "state-mutation", .9, "python javascript", sharedRows},
		{"looped-over", "state-mutation", .85, "python java", changedWhileLooped},
		{"kept-and-changed", "state-mutation", .85, "python javascript java", keptAndChanged},
		{"late-binding", "wrong-variable", .85, "python javascript", lateBinding},
		{"no-call", "api-misuse", .85, "python", methodNotCalled},
		{"found-at-zero", "wrong-condition", .88, "python javascript", foundAtZero},
		{"self-assigned", "wrong-variable", .92, anywhere, selfAssigned},
		{"reversed-assign", "wrong-operator", .92, anywhere, reversedAssign},
		{"assigned-in-condition", "wrong-operator", .92, semis, assignedInCondition},
		{"empty-body", "syntax", .92, semis, emptyBody},
		{"past-the-end", "index-out-of-range", .9, anywhere, pastTheEnd},
		{"wrong-step", "infinite-loop", .9, anywhere, wrongStep},
		{"no-progress", "infinite-loop", .85, anywhere, noProgress},
		{"same-call", "infinite-loop", .9, anywhere, sameCall},
		{"no-base", "missing-base-case", .85, anywhere, noBase},
		{"whole-division", "wrong-operator", .85, typed + " go", wholeDivision},
		{"wide-too-late", "overflow", .88, typed, wideTooLate},
		{"falls-through", "wrong-condition", .82, semis, fallsThrough},
		{"first-round", "wrong-condition", .78, anywhere, leavesInFirstRound},
		{"text-sort", "api-misuse", .82, "javascript", textSort},
		{"for-in", "api-misuse", .85, "javascript", forIn},
		{"not-awaited", "api-misuse", .88, "javascript", notAwaited},
		{"never-equal", "wrong-condition", .92, "javascript", neverEqual},
		{"map-parse", "api-misuse", .92, "javascript", mapParse},
		{"no-return", "missing-return", .9, "javascript", callbackWithoutReturn},
		{"return-alone", "missing-return", .9, "javascript", returnAlone},
		{"array-max", "api-misuse", .9, "javascript", maxOfArray},
		{"in-place", "state-mutation", .8, "javascript", changedInPlace},
		{"constant-assigned", "state-mutation", .92, "javascript", constantAssigned},
		{"lost-this", "api-misuse", .85, "javascript", lostThis},
		{"text-plus", "type-mismatch", .78, "javascript", textsAdded},
		{"void-constructor", "api-misuse", .9, "java", voidConstructor},
		{"immutable-list", "api-misuse", .9, "java", immutableList},
		{"rest-of-line", "api-misuse", .82, "java", restOfLine},
		{"no-first-value", "uninitialised", .88, "c c++", noFirstValue},
		{"no-room-for-end", "memory", .9, "c c++", noRoomForEnd},
		{"size-of-pointer", "api-misuse", .9, "c", sizeOfPointer},
		{"address-of-local", "memory", .9, "c", addressOfLocal},
		{"used-after-free", "memory", .9, "c", usedAfterFree},
		{"copy-of-element", "state-mutation", .85, "go", copyOfElement},
		{"copy-of-receiver", "state-mutation", .9, "go", copyOfReceiver},
		{"nil-map", "null-deref", .9, "go", nilMap},
		{"nobody-waits", "api-misuse", .85, "go", nobodyWaits},
		{"lost-append", "state-mutation", .88, "go", lostAppend},
		{"copy-to-nothing", "api-misuse", .9, "go", copyToNothing},
		{"index-for-value", "wrong-variable", .78, "go", indexForValue},
	}
}
