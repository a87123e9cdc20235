package mutate

import (
	"slices"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// lookalikes are functions and methods that are taken for each other.
var lookalikes = [][]string{
	{"any", "all"}, {"min", "max"}, {"Min", "Max"}, {"append", "extend"}, {"append", "insert"}, {"add", "remove"}, {"add", "addAll"}, {"add", "addFirst"}, {"add", "update"}, {"push", "unshift"},
	{"push", "addLast"}, {"push", "append"}, {"push", "concat"},
	{"pop", "shift"}, {"pop", "pollLast"}, {"pop", "removeLast"}, {"poll", "pollLast"}, {"pop", "popleft"}, {"append", "appendleft"}, {"floor", "ceil"}, {"floor", "round"}, {"floor", "trunc"},
	{"ceil", "round"}, {"Floor", "Ceil"}, {"upper", "lower"}, {"toUpperCase", "toLowerCase"}, {"toupper", "tolower"}, {"ToUpper", "ToLower"}, {"upper", "title"}, {"upper", "capitalize"},
	{"isalpha", "isalnum"}, {"isalpha", "isdigit"}, {"isdigit", "isalnum"}, {"islower", "isupper"}, {"isLetter", "isDigit"}, {"isLetter", "isLetterOrDigit"},
	{"startswith", "endswith"}, {"startsWith", "endsWith"}, {"HasPrefix", "HasSuffix"}, {"TrimLeft", "TrimPrefix"}, {"TrimRight", "TrimSuffix"}, {"lstrip", "rstrip"}, {"strip", "rstrip"},
	{"strip", "lstrip"}, {"lstrip", "removeprefix"}, {"rstrip", "removesuffix"},
	{"find", "rfind"}, {"indexOf", "lastIndexOf"}, {"Index", "LastIndex"}, {"find", "filter"}, {"map", "filter"}, {"map", "forEach"}, {"some", "every"}, {"slice", "splice"}, {"replace", "replaceAll"},
	{"getFirst", "getLast"}, {"peek", "peekLast"}, {"peekFirst", "peekLast"}, {"keys", "values"}, {"keySet", "values"}, {"items", "values"}, {"values", "items"}, {"nextLine", "next"}, {"next", "nextLine"},
	{"isEmpty", "isBlank"}, {"contains", "containsKey"}, {"containsKey", "containsValue"}, {"sum", "len"}, {"int", "float"}, {"int", "round"}, {"parseInt", "parseFloat"}, {"parseInt", "Number"},
	{"strcpy", "strcat"}, {"strcmp", "strncmp"}, {"fmin", "fmax"}, {"putchar", "printf"}, {"sort", "sorted"}, {"union", "intersection"}, {"difference", "intersection"}, {"anyMatch", "allMatch"},
	{"readline", "read"}, {"Fields", "Split"}, {"floorDiv", "floorMod"}, {"split", "splitlines"},
}

// calls changes which function is called, and the order of its arguments.
func (m *maker) calls() {
	for i, t := range m.on {
		if (t.Kind == source.Ident || t.Kind == source.Keyword) && m.at(i+1).Is("(") {
			m.other(i)
			m.arguments(i + 1)
		} else if t.Is("[") || t.Is("(") { // a list, a tuple, or the head of a loop
			m.arguments(i)
		}
	}
	m.chain()
}

func (m *maker) other(i int) {
	t := m.on[i]
	for _, pair := range lookalikes {
		if k := slices.Index(pair, t.Text); k >= 0 {
			m.edit(Call, .7, t.Col, t.End(), pair[1-k])
		}
	}
	if m.at(i-1).Is("def") || m.at(i-1).Is("function") {
		return
	}
	for _, f := range m.t.Funcs() {
		if f.Name != "" && f.Name != t.Text && f.Name != "main" && (!m.at(i-1).Is(".") || m.at(i-2).Is("self") || m.at(i-2).Is("this")) && !strings.HasPrefix(f.Name, "__") && f.Line != m.line {
			m.edit(Call, .3, t.Col, t.End(), f.Name)
		}
	}
}

// arguments changes the order of what stands between the bracket of token open and its end.
func (m *maker) arguments(open int) {
	shut := m.match(open)
	if shut < 0 {
		return
	}
	var parts [][2]int // columns
	from, depth := m.on[open].End(), 0
	for j := open + 1; j <= shut; j++ {
		switch t := m.on[j]; {
		case (t.Is(",") || t.Is(";")) && depth == 0, j == shut:
			if from < t.Col {
				parts = append(parts, [2]int{from, t.Col})
			}
			from = t.End()
		case t.Is("(") || t.Is("[") || t.Is("{"):
			depth++
		case t.Is(")") || t.Is("]") || t.Is("}"):
			depth--
		}
	}
	if len(parts) < 2 || len(parts) > 5 {
		return
	}
	what := "("
	if p := m.at(open - 1); p.Kind == source.Ident {
		what = p.Text
	}
	weight := .7
	if m.inFn && m.line == m.fn.Line { // parameters are seldom in the wrong order: calls are
		weight = .3
	}
	for a := range parts {
		for b := a + 1; b < len(parts); b++ {
			x, y := m.text[parts[a][0]:parts[a][1]], m.text[parts[b][0]:parts[b][1]]
			tx, ty := strings.TrimSpace(x), strings.TrimSpace(y)
			if tx == ty || tx == "" || ty == "" {
				continue
			}
			text := m.text[:parts[a][0]] + strings.Replace(x, tx, ty, 1) + m.text[parts[a][1]:parts[b][0]] + strings.Replace(y, ty, tx, 1) + m.text[parts[b][1]:]
			m.whole(Swap, weight, what, text)
		}
	}
}

// chain adds what is often forgotten behind a value, or in front of it.
func (m *maker) chain() {
	for i, t := range m.on {
		if !ends(t) || m.at(i+1).Is("(") || m.at(i+1).Is("=") {
			continue
		}
		a := m.operandBefore(i + 1)
		if a < 0 {
			continue
		}
		from, to := m.on[a].Col, t.End()
		x := m.text[from:to]
		after := m.at(i + 1)
		whole := after.Kind == -1 || after.Is(")") || after.Is(";") || after.Is(",") || after.Is("]") || after.Is(":")
		if !whole {
			m.cast(a, i)
			continue
		}
		switch m.t.Lang.ID {
		case "python":
			m.pythonChain(x, from, to)
		case "javascript":
			m.javascriptChain(x, from, to)
		case "java":
			m.javaChain(x, from, to)
		}
		m.cast(a, i)
	}
}

func (m *maker) pythonChain(x string, from, to int) {
	for _, f := range []string{"int", "float", "str", "sorted", "reversed", "set", "len"} {
		w := .35
		if strings.HasPrefix(x, "input(") && (f == "int" || f == "float") {
			w = .8
		}
		m.about(x, Convert, w, from, to, f+"("+x+")")
	}
	for _, c := range []string{"list(" + x + ")", "dict(" + x + ")", x + ".copy()"} {
		m.about(x, Copy, .45, from, to, c)
	}
	m.about(x, Convert, .3, from, to, "list(map(int, "+x+"))")
	m.about(x, Call, .25, from, to, x+".strip()")
	m.about(x, Call, .25, from, to, x+".lower()")
	if strings.HasSuffix(x, ".pop()") {
		m.about("pop", Call, .6, from, to, strings.TrimSuffix(x, ")")+"0)")
	}
	m.about(x, Call, .25, from, to, x+"[::-1]")
	m.about(x, Call, .2, from, to, x+" + \"\\n\"")
}

func (m *maker) javascriptChain(x string, from, to int) {
	m.about(x, Convert, .5, from, to, "Number("+x+")")
	m.about(x, Convert, .5, from, to, x+".map(Number)")
	m.about(x, Convert, .3, from, to, "String("+x+")")
	m.about(x, Convert, .3, from, to, "Math.floor("+x+")")
	m.about(x, Copy, .45, from, to, "[..."+x+"]")
	m.about(x, Copy, .35, from, to, "{..."+x+"}")
	m.about(x, Call, .3, from, to, x+".trim()")
	m.about(x, Await, .5, from, to, "await "+x)
	if strings.HasSuffix(x, ".sort()") {
		head := strings.TrimSuffix(x, ")")
		m.about("sort", Call, .9, from, to, head+"(a, b) => a - b)")
	}
	if i := strings.Index(x, ".sort("); i > 0 {
		m.about("sort", Copy, .5, from, to, "[..."+x[:i]+"]"+x[i:])
	}
	if i := strings.Index(x, ".reverse("); i > 0 {
		m.about("reverse", Copy, .6, from, to, "[..."+x[:i]+"]"+x[i:])
	}
	if strings.Contains(x, ".") && !strings.HasSuffix(x, ")") {
		m.about(x, Call, .4, from, to, x+".bind("+x[:strings.LastIndexByte(x, '.')]+")")
		m.about(x, Call, .4, from, to, "(v) => "+x+"(v)")
	}
	if !strings.ContainsAny(x, ".()[] ") {
		m.about(x, Call, .3, from, to, "(v) => "+x+"(v)")
		m.about(x, Call, .3, from, to, "(a, b) => "+x+"(a, b)")
	}
}

func (m *maker) javaChain(x string, from, to int) {
	m.about(x, Copy, .45, from, to, "new ArrayList<>("+x+")")
	m.about(x, Copy, .35, from, to, x+".clone()")
	m.about(x, Convert, .3, from, to, "String.valueOf("+x+")")
	m.about(x, Convert, .3, from, to, "Integer.parseInt("+x+")")
	m.about(x, Call, .25, from, to, x+".trim()")
	if strings.HasSuffix(x, ".pop()") || strings.HasSuffix(x, ".poll()") {
		return
	}
	m.about(x, Call, .3, from, to, x+".reversed()")
}

// cast puts a wider type before a value.
func (m *maker) cast(a, i int) {
	from, to := m.on[a].Col, m.on[i].End()
	x := m.text[from:to]
	var casts []string
	switch m.t.Lang.ID {
	case "c", "c++":
		casts = []string{"(long long)", "(double)", "(unsigned char)", "(unsigned)", "(int)"}
	case "java":
		casts = []string{"(long) ", "(double) ", "(char) ", "(int) "}
	case "go":
		for _, f := range []string{"int64", "float64", "int", "string"} {
			m.about(x, Wide, .35, from, to, f+"("+x+")")
		}
		return
	default:
		return
	}
	if m.at(a - 1).Is(".") {
		return
	}
	next := m.at(i + 1)
	binary := next.Is("*") || next.Is("/") || next.Is("+") || next.Is("-") || next.Is("<<")
	for k, c := range casts {
		w := .3
		if binary && k < 2 {
			w = .55
		}
		m.about(x, Wide, w, from, to, c+x)
	}
}
