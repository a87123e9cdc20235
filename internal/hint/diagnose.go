package hint

import (
	"path"
	"regexp"
	"strconv"
	"strings"
)

// meaning says what a message of a compiler, interpreter, sanitizer or analyser is about.
type meaning struct {
	message    *regexp.Regexp
	category   Category
	confidence float64
}

func means(pattern string, c Category, confidence float64) meaning {
	return meaning{regexp.MustCompile("(?i)" + pattern), c, confidence}
}

// meanings are tried in their order.
var meanings = []meaning{
	// Memory and numbers: sanitizers first, since their words are the most exact.
	means(`signed integer overflow|cannot be represented in type|ArithmeticException: .*overflow|integer overflow|constant .* overflows|incompatible types: possible lossy conversion from (long|double)|integer number too large`, Overflow, .9),
	means(`heap-use-after-free|double-free|attempting free|use-after-return|use-after-scope|memory leak|detected memory leaks|-Wuse-after-free|use of .* after .?free|address of local|address of stack`, Memory, .9),
	means(`buffer-overflow|index \S+ out of bounds for type|array subscript .* (above|outside|below) array bounds|stack smashing`, IndexOutOfRange, .75),
	means(`division by zero|divide by zero|/ by zero|ZeroDivisionError|modulo by zero|Floating point exception|SIGFPE`, DivByZero, .92),
	means(`null pointer|NullPointerException|nil pointer|'NoneType' object|Cannot (read|set) propert(y|ies) of (undefined|null)|(undefined|null) \((reading|setting)|is (undefined|null)$|assignment to entry in nil map|Wnull-dereference|dereference of NULL`, NullDeref, .8),
	means(`SEGV on unknown address|Segmentation fault|SIGSEGV`, NullDeref, .5),
	means(`is used uninitialized|may be used uninitialized|might not have been initialized|uninitialized|UnboundLocalError|cannot access local variable|referenced before assignment|before initialization`, Uninitialised, .85),

	// Endless recursion.
	means(`RecursionError|maximum recursion depth|StackOverflowError|Maximum call stack size|stack overflow|goroutine stack exceeds|all paths through this function will call itself|-Winfinite-recursion|infinite recursion`, MissingBaseCase, .7),

	// Indices.
	means(`IndexError|index out of range|OutOfBoundsException|out of bounds|slice bounds out of range|Invalid array length`, IndexOutOfRange, .75),

	// Names.
	means(`NameError|is not defined|undeclared|command not found|unbound variable|cannot find symbol|undefined: |has not been declared|was not declared|implicit declaration|undefined reference|undefined name|unknown type name|no field or method|has no member|no-undef|has no attribute`, UndeclaredName, .85),
	means(`declared and not used|imported and not used|unused variable|declared but never used|set but not used|assigned to but never used|unused import|defined and not used`, Unused, .9),

	// Missing returns.
	means(`missing return|no return statement|control reaches end|-Wreturn-type|inconsistent-return|return with no value`, MissingReturn, .9),
	means(`unreachable statement|unreachable code|inaccessible code`, Other, .6),

	// Constants and shared values.
	means(`Assignment to constant|cannot assign a value to final|assignment of read-only|cannot assign to .*(constant|neither addressable)|ConcurrentModificationException|changed size during iteration|concurrent map|dangerous-default|FrozenInstanceError|does not support item assignment`, StateMutation, .85),

	// Types.
	means(`incompatible types|cannot use .* as|mismatched types|type mismatch|TypeError: (can only concatenate|unsupported operand|must be|'\w+' object (cannot be interpreted|is not (subscriptable|iterable))|.* (not supported between|expected))|cannot convert|invalid operands|bad operand|makes (pointer|integer) from|ClassCastException|NumberFormatException|InputMismatchException|invalid literal for int|could not convert|-Wformat|format .* expects|Cannot mix BigInt|does not implement|wrong type|cannot be (converted|dereferenced)|required: .*found: |assignment mismatch|incomparable|expected argument|incompatible pointer|not iterable`, TypeMismatch, .82),
	means(`TypeError: \S* ?(missing \d+ required|takes .* positional|got an unexpected|got multiple)|too (few|many) arguments|not enough arguments|cannot be applied to|no suitable (method|constructor)`, WrongVariable, .6),
	means(`is not a function|object is not callable|UnsupportedOperationException|NoSuchElementException|IllegalStateException|StopIteration|cannot be referenced from a static|unreported exception|AssertionError|Class constructor|pop from empty|deadlock|IllegalArgumentException|result (of|is) .*(not used|ignored)|sizeof.*(pointer|array function parameter|argument)|-Wsizeof`, APIMisuse, .8),
	means(`KeyError|ValueError: .* (is not in list|not in)|substring not found|MissingFormat`, MissingGuard, .75),
	means(`EOFError|EOF when reading|No line found`, APIMisuse, .5),
	means(`suggest parentheses around assignment|assignment used as truth|-Wparentheses`, WrongOperator, .75),
	means(`comparison .* always (true|false)|self-comparison|tautological|-Wtype-limits|-Wbool-compare`, WrongCondition, .7),
	means(`fall through|-Wimplicit-fallthrough`, WrongCondition, .6),
	means(`"is" with a literal|"is" with|is-literal|use ==`, WrongOperator, .85),

	// And what is left are mistakes of syntax.
	means(`SyntaxError|IndentationError|TabError|expected|unterminated|unclosed|not closed|never closed|unexpected|unmatched|illegal (start|character)|class, interface|reached end of file|syntax error|missing|invalid syntax|stray|invalid or unexpected|not a statement|else without|unbalanced|empty character|newline in`, Syntax, .88),
}

// meaningOf is what a message is about.
func meaningOf(message string) (Category, float64) {
	for _, m := range meanings {
		if m.message.MatchString(message) {
			return m.category, m.confidence
		}
	}
	return Other, .3
}

// located are the forms in which tools name a place: file, line, column (or nothing), message.
var located = []*regexp.Regexp{
	regexp.MustCompile(`^(?:vet: )?(?:\./)?([^\s:()]+\.\w+):(\d+):(?:(\d+):)? *(.*)$`),
	regexp.MustCompile(`^([^\s:()]+): line (\d+): ()(.*)$`), // of shells
}

// diagnostics are the messages of compilers and analysers in a text.
func diagnostics(text string, files []File, source Source) (out []Fact) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		m := located[0].FindStringSubmatch(line)
		if m == nil {
			m = located[1].FindStringSubmatch(line)
		}
		if m == nil {
			continue
		}
		file, ok := own(m[1], files)
		if !ok {
			continue
		}
		n, _ := strconv.Atoi(m[2])
		col, _ := strconv.Atoi(m[3])
		message := strings.TrimSpace(m[4])
		lower := strings.ToLower(message)
		if strings.HasPrefix(lower, "note:") || message == "" || strings.HasPrefix(lower, "in function") {
			continue
		}
		warning := strings.HasPrefix(lower, "warning:")
		c, conf := meaningOf(message)
		if warning {
			conf *= .8
		}
		for _, p := range []string{"error:", "warning:", "fatal error:", "runtime error:"} {
			message = strings.TrimSpace(strings.TrimPrefix(message, p))
		}
		out = append(out, Fact{Source: source, File: file, Line: n, Column: col, Category: c, Message: message, Confidence: conf})
	}
	return out
}

// own finds the file of the program that a tool means.
func own(name string, files []File) (string, bool) {
	for _, f := range files {
		if f.Name == name {
			return f.Name, true
		}
	}
	for _, f := range files {
		if path.Base(f.Name) == path.Base(name) && !strings.Contains(name, "java.base") {
			return f.Name, true
		}
	}
	return "", false
}

// javaSymbol makes the message of javac whole, which says on later lines what it did not find.
func joinJava(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.Contains(l, "error: cannot find symbol") {
			for j := i + 1; j < len(lines) && j < i+5; j++ {
				if s := strings.TrimSpace(lines[j]); strings.HasPrefix(s, "symbol:") {
					lines[i] += ": " + strings.Join(strings.Fields(strings.TrimPrefix(s, "symbol:")), " ")
					break
				}
			}
		}
	}
	return strings.Join(lines, "\n")
}

// compileFacts are what a compiler (or the parser of an interpreter) says; the first counts the most.
func compileFacts(a Ask, text string) []Fact {
	var out []Fact
	switch a.Language {
	case "python":
		out = pythonFacts(text, a.Files, SourceInterpreter)
	case "javascript", "typescript":
		out = nodeFacts(text, a.Files, SourceInterpreter)
	default:
		out = diagnostics(joinJava(text), a.Files, SourceCompiler)
		if a.Language == "go" {
			for i := range out { // it says nothing but errors
				if out[i].Category == Other {
					out[i].Category, out[i].Confidence = Syntax, .6
				}
			}
		}
	}
	errorsOnly := out[:0:0]
	for _, f := range out {
		if len(errorsOnly) > 0 {
			f.Confidence *= .6 // what follows the first is often a consequence
		}
		errorsOnly = append(errorsOnly, f)
	}
	return errorsOnly
}

var pythonFrame = regexp.MustCompile(`^\s*File "([^"]+)", line (\d+)(?:, in (.*))?$`)
var pythonError = regexp.MustCompile(`^(\w+(?:\.\w+)*(?:Error|Exception|Exit|Iteration|Interrupt|Warning)\b.*)$`)

// pythonFacts read a traceback, the innermost frame first.
func pythonFacts(text string, files []File, source Source) (out []Fact) {
	var frames []place
	message := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if m := pythonFrame.FindStringSubmatch(line); m != nil {
			if file, ok := own(m[1], files); ok {
				n, _ := strconv.Atoi(m[2])
				frames = append(frames, place{file, n})
			}
		} else if m := pythonError.FindStringSubmatch(line); m != nil {
			message = m[1]
		}
	}
	return framesToFacts(frames, message, source, true)
}

// framesToFacts makes facts of the frames of a crash.
func framesToFacts(frames []place, message string, source Source, innermostLast bool) (out []Fact) {
	if message == "" || len(frames) == 0 {
		return nil
	}
	c, conf := meaningOf(message)
	if source == SourceCrash && c != DivByZero && !strings.HasPrefix(message, "KeyError") {
		conf *= .8 // where it breaks is not always where it is wrong
	}
	seen := map[place]bool{}
	for i := range frames {
		p := frames[i]
		if innermostLast {
			p = frames[len(frames)-1-i]
		}
		if seen[p] {
			continue
		}
		seen[p] = true
		out = append(out, Fact{Source: source, File: p.File, Line: p.Line, Category: c, Message: message, Confidence: conf})
		if conf *= .45; len(out) == 4 {
			break
		}
	}
	return out
}

var (
	nodePlace = regexp.MustCompile(`^(?:file://)?(\S+\.[cm]?js):(\d+)$`)
	nodeFrame = regexp.MustCompile(`^\s*at (?:.*[( ])?(?:file://)?([^\s()]+\.[cm]?js):(\d+):(\d+)\)?$`)
	nodeError = regexp.MustCompile(`^(?:Uncaught )?(\w*(?:Error|Exception)\b.*)$`)
)

// nodeFacts read what node prints when it ends in an error.
func nodeFacts(text string, files []File, source Source) []Fact {
	var frames []place
	message := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		m := nodeFrame.FindStringSubmatch(line)
		if m == nil {
			m = nodePlace.FindStringSubmatch(line)
		}
		if m != nil {
			if file, ok := own(m[1], files); ok {
				n, _ := strconv.Atoi(m[2])
				frames = append(frames, place{file, n})
			}
		} else if m := nodeError.FindStringSubmatch(line); m != nil && message == "" {
			message = m[1]
		}
	}
	return framesToFacts(frames, message, source, false)
}

var (
	javaFrame  = regexp.MustCompile(`^\s*at .*\(([^:()]+\.java):(\d+)\)$`)
	javaError  = regexp.MustCompile(`^(?:Exception in thread "[^"]*" |Caused by: )?((?:[a-z]\w*\.)*[A-Z]\w*(?:Exception|Error)\b.*)$`)
	goPanic    = regexp.MustCompile(`^(?:panic|fatal error): (.*)$`)
	goFrame    = regexp.MustCompile(`^\s*(\S+\.go):(\d+)(?: .*)?$`)
	asanError  = regexp.MustCompile(`ERROR: (\w+Sanitizer: .*)$`)
	asanFrame  = regexp.MustCompile(`^\s*#\d+ \S+ in .* ([^\s:]+\.\w+):(\d+)(?::\d+)?$`)
	ubsanError = regexp.MustCompile(`^([^\s:]+):(\d+):(\d+): runtime error: (.*)$`)
)

// crashFacts read what a program of the language printed when it broke.
func crashFacts(a Ask, text string) []Fact {
	switch a.Language {
	case "python":
		return pythonFacts(text, a.Files, SourceCrash)
	case "javascript", "typescript":
		return nodeFacts(text, a.Files, SourceCrash)
	case "java":
		return scan(text, a.Files, javaError, javaFrame, SourceCrash)
	case "bash":
		return diagnostics(text, a.Files, SourceCrash)
	case "go":
		return scan(text, a.Files, goPanic, goFrame, SourceCrash)
	case "c", "c++":
		for line := range strings.Lines(text) {
			if m := ubsanError.FindStringSubmatch(strings.TrimRight(line, "\r\n")); m != nil {
				if file, ok := own(m[1], a.Files); ok {
					n, _ := strconv.Atoi(m[2])
					c, conf := meaningOf(m[4])
					return []Fact{{Source: SourceSanitizer, File: file, Line: n, Category: c, Message: m[4], Confidence: conf}}
				}
			}
		}
		return scan(text, a.Files, asanError, asanFrame, SourceSanitizer)
	}
	return nil
}

// scan reads an error and the frames below it, the innermost first.
func scan(text string, files []File, problem, frame *regexp.Regexp, source Source) []Fact {
	var frames []place
	message := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if m := frame.FindStringSubmatch(line); m != nil && message != "" {
			if file, ok := own(m[1], files); ok {
				n, _ := strconv.Atoi(m[2])
				frames = append(frames, place{file, n})
			}
		} else if m := problem.FindStringSubmatch(line); m != nil && message == "" {
			message = strings.TrimSpace(m[1])
		}
	}
	if message == "" && source == SourceCrash && len(frames) == 0 { // the head was cut off
		for line := range strings.Lines(text) {
			if m := javaFrame.FindStringSubmatch(strings.TrimRight(line, "\r\n")); m != nil {
				if file, ok := own(m[1], files); ok {
					n, _ := strconv.Atoi(m[2])
					frames = append(frames, place{file, n})
				}
			}
		}
		if len(frames) > 20 {
			message = "stack overflow"
		}
	}
	return framesToFacts(frames, message, source, false)
}
