// Package source reads programs just well enough to talk about their lines: tokens, functions, and the variables that are known
// where. It is no parser, and wrong code does not stop it: people ask about programs that do not compile.
package source

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is a kind of token.
type Kind int

const (
	Ident Kind = iota
	Keyword
	Number
	String
	Op
	Comment
)

// Token is a piece of a line. One that spans lines has the line it begins on, and those that it ends on.
type Token struct {
	Kind    Kind
	Text    string
	Line    int // from 1
	EndLine int
	Col     int // bytes from the beginning of its line
}

// End is the column behind the token, which must not span lines.
func (t Token) End() int { return t.Col + len(t.Text) }

// Is reports whether the token is code with that text.
func (t Token) Is(text string) bool { return t.Text == text && t.Kind != String && t.Kind != Comment }

// Lex cuts a text into tokens, comments included.
func Lex(lang Language, text string) []Token {
	l := lexer{lang: lang, text: text, line: 1}
	for l.pos < len(l.text) {
		l.next()
	}
	return l.out
}

type lexer struct {
	lang  Language
	text  string
	pos   int
	line  int
	begin int // of the line
	out   []Token
}

func (l *lexer) next() {
	rest := l.text[l.pos:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case r == '\n':
		l.pos++
		l.line++
		l.begin = l.pos
	case unicode.IsSpace(r):
		l.pos += size
	case l.comment(rest), l.str(rest):
	case r >= '0' && r <= '9' || r == '.' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		l.emit(Number, numberEnd(rest))
	case isNameStart(r):
		n := nameEnd(rest)
		kind := Ident
		if l.lang.Keyword(rest[:n]) {
			kind = Keyword
		}
		l.emit(kind, n)
	default:
		l.emit(Op, l.opEnd(rest, size))
	}
}

// emit takes n bytes as a token.
func (l *lexer) emit(k Kind, n int) {
	t := Token{Kind: k, Text: l.text[l.pos : l.pos+n], Line: l.line, Col: l.pos - l.begin}
	l.pos += n
	if i := strings.LastIndexByte(t.Text, '\n'); i >= 0 {
		l.line += strings.Count(t.Text, "\n")
		l.begin = l.pos - (len(t.Text) - i - 1)
	}
	t.EndLine = l.line
	l.out = append(l.out, t)
}

func (l *lexer) comment(rest string) bool {
	for _, mark := range l.lang.LineComments {
		if strings.HasPrefix(rest, mark) {
			n := strings.IndexByte(rest, '\n')
			if n < 0 {
				n = len(rest)
			}
			l.emit(Comment, n)
			return true
		}
	}
	if open, end := l.lang.Block[0], l.lang.Block[1]; open != "" && strings.HasPrefix(rest, open) {
		l.emit(Comment, until(rest, len(open), end))
		return true
	}
	return false
}

// str takes a text in quotes. One that is not closed ends with its line, so that the next lines are read rightly.
func (l *lexer) str(rest string) bool {
	quote := 0
	for quote < len(rest) && quote < 2 && l.lang.Python && strings.ContainsRune("rbfuRBFU", rune(rest[quote])) {
		quote++
	}
	if quote == len(rest) || !strings.ContainsRune(l.lang.Quotes, rune(rest[quote])) {
		return false
	}
	q := rest[quote : quote+1]
	if l.lang.Python && strings.HasPrefix(rest[quote:], q+q+q) {
		l.emit(String, until(rest, quote+3, q+q+q))
		return true
	}
	for i := quote + 1; i < len(rest); i++ {
		switch {
		case rest[i] == '\\' && !(q == "`" && l.lang.RawBackquote):
			i++
		case rest[i:i+1] == q:
			l.emit(String, i+1)
			return true
		case rest[i] == '\n' && q != "`":
			l.emit(String, i)
			return true
		}
	}
	l.emit(String, len(rest))
	return true
}

// until is how far it is to the end of what begins with from bytes and ends with a mark.
func until(rest string, from int, mark string) int {
	if i := strings.Index(rest[from:], mark); i >= 0 {
		return from + i + len(mark)
	}
	return len(rest)
}

func isNameStart(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) }

func nameEnd(s string) int {
	for i, r := range s {
		if !isNameStart(r) && !unicode.IsDigit(r) {
			return i
		}
	}
	return len(s)
}

func numberEnd(s string) int {
	for i, r := range s {
		if r != '.' && r != '_' && !unicode.IsDigit(r) && !unicode.IsLetter(r) {
			return i
		}
	}
	return len(s)
}

// operators of more than one byte, the longest first.
var operators = []string{
	">>>=", "**=", "//=", "<<=", ">>=", ">>>", "...", "===", "!==", "&&=", "||=", "??=", "&^=",
	"==", "!=", "<=", ">=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "|=", "&=", "<<", ">>", "**", "//", "->", "=>", "::", ":=", "??", "?.", "&^", "<-",
}

func (l *lexer) opEnd(rest string, size int) int {
	for _, op := range operators {
		if strings.HasPrefix(rest, op) && l.lang.operator(op) {
			return len(op)
		}
	}
	return size
}
