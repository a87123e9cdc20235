package attacks

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// Outcomes of an attack.
const (
	Held    = "held"    // nothing came of it
	Breach  = "BREACH"  // something got through
	Failed  = "FAILED"  // it ended otherwise than it must, or the engine is not as it was
	Weaker  = "weaker"  // something got through that is known to in this tier
	Skipped = "skipped" // it cannot be tried here
)

// ends are the words for how a job has ended: the engine's verdict and status, the signal, "compile" when there was
// nothing to run, and what the program has said of itself: "harmless", "skipped".
func (a *Answer) ends() []string {
	var words []string
	add := func(word string) {
		if word != "" && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	last := a.Run
	if a.Compile != nil && (a.Compile.Code == nil || *a.Compile.Code != 0) {
		add("compile")
		last = a.Compile
	}
	if last == nil {
		return words
	}
	for word, line := range map[string]string{"harmless": "HARMLESS:", "skipped": "SKIP:"} {
		if said(a.Run, line) != "" {
			add(word)
		}
	}
	slices.Sort(words)
	add(last.Verdict)
	add(last.Signal)
	if last.Signal == "" && last.Verdict == "" {
		add(last.Status)
	}
	return words
}

// said is what a program printed after a word at the beginning of a line.
func said(s *stage, word string) string {
	if s == nil {
		return ""
	}
	for line := range strings.Lines(s.Stdout) {
		if rest, ok := strings.CutPrefix(line, word); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// judge says what has come of a step; why is empty when it held. secrets are what no answer may hold.
func (a *Attack) judge(got *Answer, secrets []string) (outcome, why string) {
	if got.bytes > mostAnswer {
		return Failed, fmt.Sprintf("the answer has more than %d MiB", mostAnswer>>20)
	}
	for _, s := range secrets {
		if s != "" && (strings.Contains(got.text, s) || slices.ContainsFunc(got.Files, func(f file) bool { return f.holds(s) })) {
			return Breach, "the answer holds a secret of the host"
		}
	}
	if what := said(got.Run, "BREACH:"); what != "" {
		return Breach, what
	}
	if why := said(got.Run, "SKIP:"); why != "" {
		return Skipped, why
	}
	ends := got.ends()
	if !slices.ContainsFunc(ends, func(word string) bool { return slices.Contains(a.Ends, word) }) {
		return Failed, fmt.Sprintf("ended with %s, not %s: %s", either(ends), either(a.Ends), got.excerpt())
	}
	return a.judgeFiles(got)
}

// judgeFiles looks at what has come back. An engine that gives no files at all gives nothing away.
func (a *Attack) judgeFiles(got *Answer) (outcome, why string) {
	if !a.Collect || got.Files == nil {
		return Held, ""
	}
	for _, f := range got.Files {
		if slices.Contains(a.Unwanted, f.Name) {
			return Breach, "the file " + f.Name + " came back"
		}
	}
	for _, name := range a.Wanted {
		if !slices.ContainsFunc(got.Files, func(f file) bool { return f.Name == name }) {
			return Failed, "the file " + name + " did not come back"
		}
	}
	return Held, ""
}

func (f file) holds(secret string) bool {
	data, err := base64.StdEncoding.DecodeString(f.Content)
	return err == nil && strings.Contains(string(data), secret)
}

func either(words []string) string {
	if len(words) == 0 {
		return "no known words"
	}
	return strings.Join(words, " or ")
}

// excerpt is the end of what a program said, on one line.
func (a *Answer) excerpt() string {
	text := ""
	for _, s := range []*stage{a.Compile, a.Run} {
		if s != nil {
			text += s.Stdout + s.Stderr + s.Message + " "
		}
	}
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 200 {
		text = "…" + strings.ToValidUTF8(text[len(text)-200:], "")
	}
	return text
}
