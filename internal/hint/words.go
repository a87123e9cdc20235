package hint

import (
	"fmt"
	"strings"

	"codecollab.dev/internal/hint/mutate"
)

// phrase says one thing at all levels. {what} is a piece of the program in quotes, or of the line.
type phrase struct {
	question string // 1
	concept  string // 2
	place    string // 3, behind "Line 7"
	steps    string // 4
}

// words are all sentences of grounded hints in one language.
type words struct {
	ops        map[mutate.Op]phrase
	categories map[Category]phrase
	rules      map[string]string // of well-known mistakes, at level 3
	line       string            // "Line %d: "
	lineOf     string            // "Line %d of %s: "
	failing    string            // which test fails
	late       string
	says       string // what a tool says
	// sources are the tools in says, where they have another name in this language; all others are in otherSource, if it is set.
	sources     map[Source]string
	otherSource string
	unnamed     [][2]string // what becomes of {what} where nothing can be named
}

// Speeches are the languages that hints are in. The first is spoken to those who have not said which.
func Speeches() []string { return []string{"en", "de"} }

// wordsOf are the words of a language.
func wordsOf(speech string) words {
	if speech == "de" {
		return german()
	}
	return english()
}

// tool is how a source is called before what it says.
func (w *words) tool(s Source) string {
	if name, ok := w.sources[s]; ok {
		return name
	}
	if w.otherSource != "" {
		return fmt.Sprintf(w.otherSource, s)
	}
	return string(s)
}

// fill names what a sentence is about.
func (w *words) fill(text, what string) string {
	if what != "" {
		return strings.ReplaceAll(text, "{what}", "`"+what+"`")
	}
	for _, pair := range w.unnamed {
		text = strings.ReplaceAll(text, pair[0], pair[1])
	}
	return text
}

func english() words {
	return words{
		ops: englishOps(), categories: englishCategories(), rules: englishMistakes(),
		line: "Line %d: ", lineOf: "Line %d of %s: ",
		failing: "It shows with the input %s.",
		late:    "With the input %s the program does not come to an end.",
		says:    "The %s says: %s",
		unnamed: [][2]string{{" at {what}", ""}, {" around {what}", ""}, {" ({what} …)", ""}, {"{what} ", "a value here "}, {" ({what})", ""}, {" {what}", ""}},
	}
}

func englishOps() map[mutate.Op]phrase {
	return map[mutate.Op]phrase{
		mutate.Boundary: {"What happens when both sides are exactly equal?", "A comparison decides whether the boundary itself is included; that is where programs are off by one.",
			"the comparison {what} is off at its bound: look at the case where both sides are equal, at the first and the last value.", "Work out by hand what the line does for the last value, and for the one behind it. Then choose the comparison that includes exactly what belongs."},
		mutate.Comparison: {"In which direction should this comparison go?", "A condition is wrong when its comparison operator points the other way, or asks for the wrong relation.",
			"the comparison operator {what} is the wrong one: say aloud which side must be smaller or greater, and read the condition again.", "Take the failing input, write down both sides of the comparison, and say for which values the answer must be true. Choose the operator from that."},
		mutate.Arithmetic: {"Which arithmetic does this value need?", "A formula with one wrong operator gives plausible numbers that are wrong.",
			"the operator {what} in this computation is the wrong one.", "Compute the value by hand for the failing input, compare it with what the line computes, and replace the operator that makes the difference."},
		mutate.Logic: {"Must all of these conditions hold, or is one enough?", "“And” asks for both, “or” for one of them: they are easily mixed up.",
			"the logical operator {what} in this condition is the wrong one: must both parts hold, or is either enough?", "Make a table of the two parts, true and false, say what the answer should be in each of the four rows, and choose the operator by that."},
		mutate.Bitwise: {"What does this operator do to the bits of the number?", "Operators on bits look alike and do very different things: clear, set, flip, shift.",
			"the bitwise operator {what} is the wrong one for what should happen to the bits.", "Write two small numbers in binary, apply the operator by hand, and see whether bits are cleared, set or flipped as you want them."},
		mutate.Assign: {"Should this replace the old value, or build on it?", "An assignment forgets what was there; += and its like build on it.",
			"the assignment operator {what} is the wrong one: should the old value be kept and built upon, or replaced?", "Follow the variable through two rounds. If the second must still know the result of the first, the assignment has to build on it."},
		mutate.Step: {"Where exactly does this begin, and where does it end?", "Indices and ranges are easily off by one: the first is 0, and many ends are exclusive.",
			"{what} is off by one: an index, a bound or the end of a range is one short or one too far. Is the last value included?", "List the values that this takes for the smallest input and compare them with those it should take, the first and the last. Then move the bound by one."},
		mutate.Constant: {"Is this the right constant?", "A literal value in the code is a decision; it has to be right for the smallest and the empty case, too.",
			"the constant {what} is the wrong value. Think of the base case, and of the empty and smallest input: what is right there?", "Run the smallest input in your head. What must this value be for it? Put that there."},
		mutate.Initial: {"What should the value be before the first round?", "A variable needs a right first value: a wrong start (zero for a maximum of negative numbers, say) spoils everything after it.",
			"{what} starts with the wrong initial value, or with none: look at what it is before the first round. Does the condition on it still work when all values are negative, or zero?", "Ask what the result should be when nothing has been looked at yet, and begin with that, or with the first element."},
		mutate.Variable: {"Is this the variable that you mean?", "Two variables with similar parts are easily confused.",
			"{what} is the wrong variable here: which of the values known at this place is meant?", "Say in words what this place needs, then look through the variables in reach for the one that holds it."},
		mutate.Adjust: {"Is the value passed on as the next step needs it?", "What is handed on often has to be adjusted: made smaller, moved along, or counted from another place.",
			"{what} is passed on unchanged: the argument has to be adjusted first, so that every step gets a smaller or shifted problem. Think about which index or substring the call works on.", "Write down what the called function expects of this argument, and how that follows from the values here: what has been dealt with already must be taken off."},
		mutate.Swap: {"Are these in the right order?", "Arguments and operands have an order, and the compiler cannot tell when both have the same type.",
			"the order is wrong at {what}: arguments or operands are swapped or reversed. What comes first, and should the new part go in front or be appended?", "Look at the head of the called function, or say the formula aloud, and write the order of its values next to yours. Where they differ, exchange them."},
		mutate.Negated: {"When is this condition true?", "A condition that is the wrong way round does the right thing in the wrong case.",
			"the condition is the wrong way round (negated) at {what}.", "Take one input that should go through and one that should not, evaluate the condition for both, and turn it round."},
		mutate.Partial: {"Does this condition ask for all that it must, and nothing more?", "A condition that asks too much or too little lets the wrong cases in.",
			"the condition asks too much, too little, or in the wrong order at {what}.", "List the cases that should be let in, evaluate each part of the condition for every one, and keep only those that are needed."},
		mutate.Return: {"What does this function give back?", "Computing a value is not returning it: without return the caller gets nothing (None, undefined).",
			"the return is missing: the value is computed, but not returned on this path.", "Follow every path through the function to its end and see what it hands back. Where it must hand back a value, say so."},
		mutate.Call: {"Does this function do what you expect of it?", "Library functions have relatives that do nearly the same: all and any, append and extend, first and last.",
			"{what} is the wrong function or method call here, or is used wrongly: it does something close to what is needed, in another way, order or direction. Read what it does and returns.", "Read the documentation of {what}, name what differs from what you need, and look at the functions beside it."},
		mutate.Equality: {"Do you compare the contents, or whether it is the same object?", "Two objects with equal contents need not be the same object; comparing references is not comparing values.",
			"{what} compares identity (references), not whether the contents are equal.", "Ask whether two different objects with the same contents should count as equal. If so, use the comparison of contents that the language has."},
		mutate.Convert: {"Which type does this value have?", "A number that was read as text stays a string until it is converted: + then concatenates.",
			"{what} has the wrong type here: convert between string and number (or list) before it is used.", "Print the type of the value here. Convert it once, where it comes in."},
		mutate.Wide: {"How large can this number get, and does its type hold it?", "Types have limits: a product of two ints overflows int, a narrow type wraps around, and an integer division drops the fraction.",
			"the type at {what} is too narrow: the value overflows or loses its fraction. Where is it widened, before or after the computation? A cast or a wider type (long, double) is needed in time.", "Find the largest value of the failing input, look up the range of the type, and make the computation in a wider one from its first step."},
		mutate.Copy: {"Who else holds this value?", "Lists and objects are shared by reference: what changes one alias changes all.",
			"{what} is shared or changed in place (mutated) where a copy is needed: two names mean the same list, array or object.", "Draw the variables as boxes and the value as one thing that they point at. Where one of them must not see the change, make a copy first."},
		mutate.Wrap: {"Can this value get out of the range that makes sense?", "Some values have to be limited: not below zero, not beyond a maximum, without a sign.",
			"nothing guards {what}: it can go negative or past its limit, and has to be reset or bounded (a min, a max, an absolute value).", "Say which values are allowed here. When the computed one is outside, what should stand in its place? Put that limit around it."},
		mutate.Nest: {"Is this one value, or a list of values?", "An empty list and a list that holds one empty list are different things.",
			"{what} has the wrong depth of nesting: is it empty, one element, or a list with one (perhaps empty) list in it? Think of the base case.", "Write down the expected result for the smallest input with all its brackets, and compare."},
		mutate.Keep: {"What happens to what you had before?", "When results are gathered step by step, every step has to keep (include) what came before it.",
			"something is lost here: what was found before, the rest without the new part, is not included (added, joined with +) in the result.", "Name the two parts that make the full answer, the one computed here and the one already there, and join them."},
		mutate.Square: {"Is the formula complete?", "A formula that misses a square or a factor gives the right answer for a few inputs only.",
			"{what} should be squared or multiplied in this formula.", "Write the formula down as in mathematics, and compare it with the line, term by term."},
		mutate.Insert: {"Is there a step that is never done?", "A program can be right in every line and still miss one: a push, an update of a counter, a mark.",
			"after this line a step is missing: something is never updated, pushed or appended, so a case is not handled.", "Go through the block with the failing input and write down what should have changed at its end. What no line changes is missing."},
		mutate.Remove: {"Is this statement needed?", "One statement too much undoes what others did.",
			"the statement here ({what} …) should not be there, or not at this place: it changes or ends something too early.", "Cover the line and run through the failing input by hand: is the result right without it?"},
		mutate.Indent: {"In which block does this statement belong?", "In Python the indentation says when a statement runs: in the loop, every round; after it, once.",
			"the indentation is off: this statement ({what} …) stands in the wrong block, inside the loop or condition instead of after it, or the other way, and so runs too early or too often.", "Say how often this statement must run, and when. Move it to the block that does that."},
		mutate.Base: {"When does the recursion end?", "Each recursion needs a base case: an input so small that the answer is known.",
			"the recursion has no base case for the smallest or empty input, so it never stops properly.", "Find the smallest input, write down its answer, and return that before the function calls itself."},
		mutate.Guard: {"Which input is not thought of here?", "Empty lists, zero, missing keys and null need an answer of their own.",
			"a guard is missing: a special case (empty, zero, missing, negative or null) is not checked {what} before it is used.", "List the special inputs: empty, zero, one, missing. For each, say what the answer should be, and check for it first."},
		mutate.Leave: {"When should the loop stop?", "Leaving a loop and going on to its next round are different things.",
			"the loop ends at the wrong time here: a break or continue is missing, or it is the other one.", "Say for which element the loop is finished, and for which it only goes on to the next."},
		mutate.Discard: {"What happens with the result of this call?", "Immutable values (strings above all) do not change: a method returns a new one, which has to be used. Others change in place and return nothing.",
			"the result of {what} is discarded, or it returns nothing: the call returns a new value (the old is immutable), or works in place. Assign or return the right one.", "Look up whether the method changes the object or returns a new one, and use that which holds the result."},
		mutate.Receiver: {"Does the method work on the value, or on a copy?", "A value receiver gets a copy: changes are lost when the method ends. A pointer receiver works on the original.",
			"the value receiver ({what}) gets a copy, so the change is lost: think about a pointer.", "Decide for every method whether it changes its receiver, and let those that do take it by pointer."},
		mutate.Division: {"Do you want a whole number here?", "Dividing integers drops the fraction in many languages; / and // differ in Python.",
			"the division {what} has the wrong kind of result: integer (whole, truncated) or float?", "Say whether the result may have a fraction, and choose the operator or the types by that."},
		mutate.Precedence: {"Which part is computed first?", "Multiplication binds tighter than addition: parentheses say what comes first.",
			"the precedence is wrong around {what}: the operators are applied in the wrong order, and parentheses are missing.", "Compute the line by hand in the order of precedence, mark what should come first, and put it in parentheses."},
		mutate.Shadow: {"Is this a new variable?", "A declaration in an inner block makes a new variable that hides (shadows) the outer one.",
			"{what} declares a new variable that shadows the outer one, which stays as it was.", "Find where the variable should be declared, once, and only assign to it here."},
		mutate.Await: {"Is the value there yet?", "An asynchronous function returns a promise; its value comes later.",
			"{what} is a promise that nobody awaits.", "Mark every asynchronous call, and wait for each result before it is used."},
		mutate.Scope: {"Which variable does this name mean here?", "A name belongs to a scope: function, block, object or module. The same name elsewhere is another variable.",
			"{what} belongs to the wrong scope: a local variable, a captured one, or one of the object (self, this, global) is meant.", "Say where the variable lives that you mean, and how the language reaches it from here."},
		mutate.Falls: {"What runs after this case?", "In a switch, a case without break goes on (falls through) into the next.",
			"this {what} has no break: it falls through into the next one, and the condition there is not asked.", "Decide for each case where it ends, and say so there."},
	}
}
