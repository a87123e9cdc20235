package source

import "slices"

// Unclosed finds the bracket that is opened and never closed, in a language with brackets: its own line, and the line behind which
// its other half should be. Compilers only notice at the end of the file; people see it by the indentation, and so does this.
func (t *Text) Unclosed() (open, behind int, ok bool) {
	var stack []Token
	code := 0 // the last line with code
	for _, tok := range t.Tokens {
		if tok.Line != code && len(stack) > 0 {
			if top := stack[len(stack)-1]; t.outside(top, tok) {
				return top.Line, code, true
			}
		}
		switch {
		case tok.Kind != Op:
		case slices.Contains([]string{"{", "(", "["}, tok.Text):
			stack = append(stack, tok)
		case slices.Contains([]string{"}", ")", "]"}, tok.Text):
			if len(stack) == 0 {
				return 0, 0, false // another mistake
			}
			top := stack[len(stack)-1]
			if closer[top.Text] != tok.Text {
				return top.Line, top.Line, true
			}
			stack = stack[:len(stack)-1]
		}
		code = tok.EndLine
	}
	if len(stack) == 0 {
		return 0, 0, false
	}
	top := stack[len(stack)-1]
	if top.Text != "{" {
		return top.Line, top.Line, true
	}
	return top.Line, code, true
}

var closer = map[string]string{"{": "}", "(": ")", "[": "]"}

// outside reports whether a line that begins with a token is, by its indentation, no part of the block that is open. Labels may
// stand as far to the left as what they are in.
func (t *Text) outside(open, first Token) bool {
	if open.Text != "{" || open.Line == first.Line {
		return false
	}
	in, here := len(t.Indent(open.Line)), len(t.Indent(first.Line))
	if here != in {
		return here < in
	}
	label := slices.ContainsFunc([]string{"case", "default", "public", "private", "protected", "#"}, first.Is)
	return !label && closer["{"] != first.Text && !first.Is("{") && t.ends(open)
}

// ends reports whether a bracket is the last thing on its line: then what is in it stands further to the right.
func (t *Text) ends(open Token) bool {
	on := t.On(open.Line)
	return on[len(on)-1] == open
}
