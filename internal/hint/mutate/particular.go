package mutate

import (
	"regexp"
	"slices"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// rewrite is a change that belongs to one language.
type rewrite struct {
	lang   string
	from   *regexp.Regexp
	to     string
	op     Op
	weight float64
	word   string
}

func re(s string) *regexp.Regexp { return regexp.MustCompile(s) }

var rewrites = []rewrite{
	{"python", re(`\bdef (\w+)\((.*?)(\w+)=(\[\]|\{\})(.*)$`), "def $1($2$3=None$5", Copy, .3, ""},
	{"python", re(`(\w+)\.append\((\w+)\)`), "$1.append(list($2))", Copy, .5, "append"},
	{"python", re(`(\w+)\.append\((\w+)\)`), "$1.append($2[:])", Copy, .5, "append"},
	{"python", re(`\[\[(.+?)\] \* (\w+)\] \* (\w+)`), "[[$1] * $2 for _ in range($3)]", Copy, .9, "*"},
	{"python", re(`\[(\[.*?\])\] \* (\w+|\(.*?\))`), "[$1 for _ in range($2)]", Copy, .9, "*"},
	{"python", re(`\bfor (\w+) in (\w+):`), "for $1 in $2[:]:", Copy, .6, "for"},
	{"python", re(`\bfor (\w+) in (\w+):`), "for $1 in list($2):", Copy, .5, "for"},
	{"python", re(`\bfor (\w+) in (\w+):`), "for $1 in range($2):", Call, .4, "for"},
	{"python", re(`\bfor (\w+) in (\w+):`), "for $1 in range(len($2)):", Call, .4, "for"},
	{"python", re(`\bfor (\w+) in (\w+):`), "for $1 in reversed($2):", Call, .3, "for"},
	{"python", re(`\bfor (\w+) in (\w+):`), "for $1 in sorted($2):", Call, .4, "for"},
	{"python", re(`\brange\((\w[^,()]*(?:\([^()]*\))?)\)`), "range(1, $1)", Step, .5, "range"},
	{"python", re(`\brange\((\w[^,()]*(?:\([^()]*\))?)\)`), "range(1, $1 + 1)", Step, .5, "range"},
	{"python", re(`\brange\((.+)\):`), "reversed(range($1)):", Step, .3, "range"},
	{"python", re(`\brange\((.+), 0, -1\)`), "range($1, -1, -1)", Step, .8, "range"},
	{"python", re(`^(\s*)(\w+)\.(sort|reverse)\(\)$`), "${1}$2 = sorted($2)", Copy, .2, ""},
	{"python", re(`= (\w+)\.sort\(\)`), "= sorted($1)", Discard, .9, "sort"},
	{"python", re(`return (\w+)\.sort\(\)`), "return sorted($1)", Discard, .9, "sort"},
	{"python", re(`^(\s*)(\w+)\.(\w+)\((.*)\)$`), "$1$2 = $2.$3($4)", Discard, .7, "$3"},
	{"python", re(`lambda: ?(.*)\b(\w+)\b(.*)$`), "lambda $2=$2: $1$2$3", Scope, .5, "lambda"},
	{"python", re(`(\w+)\[(\w+)\]`), "$1.get($2, 0)", Guard, .5, "$2"},
	{"python", re(`(\w+)\[([^\[\]]+)\]`), "$1.get($2)", Guard, .3, "$2"},
	{"python", re(`(\w+)\.get\((\w+)\)`), "$1.get($2, 0)", Guard, .6, "get"},
	{"python", re(`\bprint\((.*)\)$`), "print(*$1)", Call, .4, "print"},
	{"python", re(`\binput\(\)\.split\(\)`), "map(int, input().split())", Convert, .8, "input"},
	{"python", re(`return (.+)$`), "return $1 if $1 else 0", Guard, .1, ""},
	{"python", re(`return (.*) / len\((\w+)\)$`), "return $1 / len($2) if $2 else 0.0", Guard, .8, "$2"},
	{"python", re(`return (.*) / (\w+)$`), "return $1 / $2 if $2 else 0", Guard, .8, "$2"},

	{"javascript", re(`\bvar\b`), "let", Scope, .8, "var"},
	{"javascript", re(`\bconst (\w+) =`), "let $1 =", Copy, .3, "const"},
	{"javascript", re(`\bfor \((const|let|var) (\w+) in (\w+)\)`), "for ($1 $2 of $3)", Call, .9, "in"},
	{"javascript", re(`\bfor \((const|let|var) (\w+) of (\w+)\)`), "for ($1 $2 in $3)", Call, .5, "of"},
	{"javascript", re(`\.map\(parseInt\)`), ".map(Number)", Call, .9, "parseInt"},
	{"javascript", re(`(\w+)\((\w+)\.(\w+)\)`), "$1((v) => $2.$3(v))", Call, .6, "$3"},
	{"javascript", re(`\.(\w+)\((\w+\.\w+)\)`), ".$1((v) => $2(v))", Call, .6, "$2"},
	{"javascript", re(`function \((.*?)\) \{`), "($1) => {", Scope, .6, "function"},
	{"javascript", re(`^(\s*)(\w+)\.(\w+)\((.*)\);?$`), "$1$2 = $2.$3($4);", Discard, .6, "$3"},
	{"javascript", re(`(\w+)\.(\w+)\.`), "$1.$2?.", Guard, .4, "$2"},
	{"javascript", re(`(\w+)\.(\w+)`), "$1?.$2", Guard, .35, "$1"},
	{"javascript", re(`\.fill\(\[\]\)`), ".fill().map(() => [])", Copy, .9, "fill"},
	{"javascript", re(`\.replace\((['"])(.+?)['"],`), ".replaceAll($1$2$1,", Call, .9, "replace"},
	{"javascript", re(`(\w+)\[(\w+)\] \+= `), "$1[$2] = ($1[$2] || 0) + ", Guard, .6, "+="},
	{"javascript", re(`(\w+)\[(\w+)\]\+\+`), "$1[$2] = ($1[$2] || 0) + 1", Guard, .6, "++"},
	{"javascript", re(`== NaN|=== NaN`), "!== NaN", Equality, .1, "NaN"},

	{"java", re(`\(([\w.]+(?:\([^()]*\))?) == ([\w.]+(?:\([^()]*\))?|"[^"]*")\)`), "($1.equals($2))", Equality, .9, "=="},
	{"java", re(`\(([\w.]+(?:\([^()]*\))?) != ([\w.]+(?:\([^()]*\))?|"[^"]*")\)`), "(!$1.equals($2))", Equality, .9, "!="},
	{"java", re(`([\w.]+(?:\([^()]*\))?) == ([\w.]+(?:\([^()]*\))?|"[^"]*")`), "$1.equals($2)", Equality, .9, "=="},
	{"java", re(`([\w.]+(?:\([^()]*\))?) != ([\w.]+(?:\([^()]*\))?|"[^"]*")`), "!$1.equals($2)", Equality, .9, "!="},
	{"java", re(`^(\s*)(\w+)\.(\w+)\((.*)\);$`), "$1$2 = $2.$3($4);", Discard, .8, "$3"},
	{"java", re(`\bint (\w+) =`), "long $1 =", Wide, .7, "int"},
	{"java", re(`\bint\b`), "long", Wide, .6, "int"},
	{"java", re(`\bint\b`), "double", Wide, .3, "int"},
	{"java", re(`\bfloat\b`), "double", Wide, .5, "float"},
	{"java", re(`= List\.of\((.*)\);`), "= new ArrayList<>(List.of($1));", Copy, .9, "List.of"},
	{"java", re(`= Arrays\.asList\((.*)\);`), "= new ArrayList<>(Arrays.asList($1));", Copy, .9, "asList"},
	{"java", re(`\.remove\((\w+)\)`), ".remove(Integer.valueOf($1))", Call, .8, "remove"},
	{"java", re(`\.get\((\w+)\)`), ".getOrDefault($1, 0)", Guard, .8, "get"},
	{"java", re(`\bnew (Hash)(Map|Set)`), "new Tree$2", Call, .5, "Hash"},
	{"java", re(`\bnew (Hash)(Map|Set)`), "new LinkedHash$2", Call, .5, "Hash"},
	{"java", re(`\.(\w+)\(\)`), ".$1()", Call, 0, ""},

	{"c", re(`\bint\b`), "long long", Wide, .6, "int"},
	{"c", re(`\bint\b`), "double", Wide, .3, "int"},
	{"c", re(`\bint (\w+)\[(\w+)\]`), "int $1[$2 + 1]", Step, .6, "["},
	{"c", re(`\bfloat\b`), "double", Wide, .4, "float"},
	{"c", re(`\bchar\b`), "int", Wide, .4, "char"},
	{"c", re(`\bmalloc\((.+?)\)(;|\))`), "malloc($1 + 1)$2", Step, .6, "malloc"},
	{"c", re(`\bmalloc\((.+?)\);`), "calloc(1, $1);", Initial, .5, "malloc"},
	{"c", re(`\bsizeof ?\(?(\w+)\)?`), "sizeof(*$1)", Call, .6, "sizeof"},
	{"c", re(`(\w+) == (\w+|"[^"]*")`), "strcmp($1, $2) == 0", Equality, .7, "=="},
	{"c", re(`\bint (\w+), (\w+)\b`), "int *$1, *$2", Call, .2, ""},
	{"c", re(`%d`), "%lld", Wide, .4, "%d"},
	{"c", re(`\[(\w+)\];`), "[$1] = {0};", Initial, .7, "["},
	{"c", re(`^(\s*(?:int|long|double|char|float|unsigned|size_t)(?: long)?) (\w+);`), "$1 $2 = 0;", Initial, .8, "$2"},
	{"c", re(`^(\s*(?:int|long|double|char|float|unsigned|size_t)(?: long)?) (\w+), (\w+);`), "$1 $2 = 0, $3 = 0;", Initial, .7, "$2"},
	{"c", re(`(\w+) / (\w+)`), "(double)$1 / $2", Division, .6, "/"},

	{"go", re(`func \((\w+) (\w+)\)`), "func ($1 *$2)", Receiver, .9, "$1"},
	{"go", re(`\bint32\b`), "int64", Wide, .7, "int32"},
	{"go", re(`\bint8\b`), "int", Wide, .7, "int8"},
	{"go", re(`\buint8\b`), "int", Wide, .7, "uint8"},
	{"go", re(`\bint\b`), "float64", Wide, .3, "int"},
	{"go", re(`^(\s*)append\((\w+), (.*)\)$`), "$1$2 = append($2, $3)", Discard, .9, "append"},
	{"go", re(`= append\((\w+), (.*)\)`), "= append(append([]int(nil), $1...), $2)", Copy, .5, "append"},
	{"go", re(`append\((\w+), (\w+)\)`), "append($1, append([]int(nil), $2...))", Copy, .5, "append"},
	{"go", re(`for (\w+) := range (\w+)`), "for _, $1 := range $2", Variable, .8, "range"},
	{"go", re(`for _, (\w+) := range (\w+)`), "for $1 := range $2", Variable, .5, "range"},
	{"go", re(`(\w+) / (\w+)`), "float64($1) / float64($2)", Division, .5, "/"},
	{"go", re(`= (\w+)\b`), "= append([]int(nil), $1...)", Copy, .3, "$1"},
	{"go", re(`= (\w+)\[(.*)\]$`), "= append([]int(nil), $1[$2]...)", Copy, .5, "$1"},
	{"go", re(`strings\.Split\((\w+), " "\)`), "strings.Fields($1)", Call, .6, "Split"},
	{"go", re(`make\((.*), (\w+)\)`), "make($1, 0, $2)", Call, .6, "make"},
	{"go", re(`make\((.*), (\w+)\)`), "make($1, $2+1)", Step, .5, "make"},
}

// particular makes the changes that belong to the language.
func (m *maker) particular() {
	lang := m.t.Lang.ID
	if lang == "c++" {
		lang = "c"
	}
	for _, r := range rewrites {
		if r.lang != lang || r.weight == 0 {
			continue
		}
		for _, at := range r.from.FindAllStringSubmatchIndex(m.text, -1) {
			text := string(r.from.ExpandString([]byte(m.text[:at[0]]), r.to, m.text, at)) + m.text[at[1]:]
			word := string(r.from.ExpandString(nil, r.word, m.text, at))
			m.whole(r.op, r.weight, word, text)
		}
	}
	m.globals()
	m.own()
}

// globals lets a function of Python assign a variable outside.
func (m *maker) globals() {
	if !m.python() || !m.inFn || m.line != m.fn.Begin {
		return
	}
	for _, v := range m.fn.Vars {
		if !slices.Contains(m.fn.Params, v) {
			m.whole(Scope, .4, v, m.t.Indent(m.line)+"global "+v+"\n"+m.text)
			m.whole(Scope, .3, v, m.t.Indent(m.line)+"nonlocal "+v+"\n"+m.text)
		}
	}
}

// own puts this. before what an assignment gives the parameter of the same name.
func (m *maker) own() {
	if m.python() || len(m.on) < 3 || m.on[0].Kind != source.Ident || !m.on[1].Is("=") {
		return
	}
	if m.t.Lang.ID == "java" || m.t.Lang.ID == "javascript" {
		m.about(m.on[0].Text, Scope, .6, m.on[0].Col, m.on[0].Col, "this.")
	}
	if strings.HasPrefix(m.text, " ") && m.t.Lang.ID == "c++" {
		m.about(m.on[0].Text, Scope, .5, m.on[0].Col, m.on[0].Col, "this->")
	}
}
