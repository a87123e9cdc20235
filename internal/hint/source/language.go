package source

import "strings"

// Language is what the lexer has to know of a language.
type Language struct {
	ID           string
	Python       bool // blocks are indented, texts may have three quotes
	LineComments []string
	Block        [2]string // how a comment of several lines begins and ends
	Quotes       string
	RawBackquote bool // no escapes between backquotes
	keywords     map[string]bool
}

// Keyword reports whether a name is the language's own. Those of types count.
func (l Language) Keyword(name string) bool { return l.keywords[name] }

func (l Language) operator(op string) bool {
	switch op {
	case "//", "//=":
		return l.Python
	case "**", "**=":
		return l.Python || l.ID == "javascript"
	case "===", "!==", "=>", "?.", "??", "??=", ">>>", ">>>=":
		return !l.Python
	case "<-", "&^", "&^=":
		return l.ID == "go"
	case ":=":
		return l.ID == "go" || l.Python
	}
	return true
}

const (
	cWords = "if else for while do switch case default break continue return goto sizeof struct union enum typedef static const volatile extern " +
		"inline void int long short char float double unsigned signed bool true false NULL register auto"
	cppWords  = cWords + " class public private protected namespace using template typename this new delete try catch throw nullptr virtual override operator constexpr friend"
	javaWords = "if else for while do switch case default break continue return class interface enum extends implements public private protected static final abstract " +
		"new this super null true false void int long short byte char float double boolean try catch finally throw throws import package instanceof synchronized var record yield"
	jsWords = "if else for while do switch case default break continue return function class extends const let var new this super null undefined true false typeof " +
		"instanceof in of try catch finally throw async await yield delete void import export static get set from"
	goWords = "if else for range switch case default break continue return func type struct interface map chan go defer select const var package import nil true false " +
		"goto fallthrough int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 float32 float64 string bool byte rune error any"
	pythonWords = "if elif else for while def class return break continue pass in not and or is None True False import from as with try except finally raise lambda " +
		"yield global nonlocal del assert async await match case"
)

// Of finds the language of an id of the catalogue. ok is false for those that only a model can say something about.
func Of(id string) (l Language, ok bool) {
	slashes := Language{LineComments: []string{"//"}, Block: [2]string{"/*", "*/"}, Quotes: "\"'"}
	words := ""
	switch id {
	case "python":
		l, words = Language{Python: true, LineComments: []string{"#"}, Quotes: "\"'"}, pythonWords
	case "c":
		l, words = slashes, cWords
	case "c++":
		l, words = slashes, cppWords
	case "java":
		l, words = slashes, javaWords
	case "javascript", "typescript":
		l, words, id = slashes, jsWords, "javascript"
		l.Quotes += "`"
	case "go":
		l, words = slashes, goWords
		l.Quotes += "`"
		l.RawBackquote = true
	default:
		return Language{ID: id}, false
	}
	l.ID = id
	l.keywords = map[string]bool{}
	for _, w := range strings.Fields(words) {
		l.keywords[w] = true
	}
	return l, true
}
