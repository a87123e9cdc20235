// Package hint answers people who are stuck, from facts and not from guesses.
//
// An Engine gathers Findings about a program: what compilers, interpreters, crashes, sanitizers and analysers say, which lines the
// failing tests visit, and which small change would make all tests pass (which proves the place and the kind of the fault, and is
// never shown). Grounded turns them into a Hint in plain sentences, or says that there is nothing. Check is what every hint has to
// pass, a model's too: it may not contradict the facts, and it may not give the solution away.
//
// The package knows no room, queue or model: it runs programs through a Runner.
package hint

import (
	"context"
	"time"
)

// Kind is what somebody asks for.
type Kind string

const (
	KindHint    Kind = "hint"    // what is wrong here?
	KindError   Kind = "error"   // explain this error
	KindExplain Kind = "explain" // explain this code
	KindReview  Kind = "review"  // what could be better?
)

// The levels of a hint: how much it says. What is said of one is said of those above it, too.
const (
	LevelQuestion = 1 // a question that leads on
	LevelConcept  = 2 // the idea that is missing
	LevelPlace    = 3 // the line, and the kind of fault
	LevelPseudo   = 4 // what to do there, in words
)

// Ask is what somebody wants to know, with all that there is to know it from.
type Ask struct {
	Language string // an id of the catalogue
	Files    []File
	Program  string // the file to start
	Caret    int    // the line of the asker's cursor in Program, from 1; 0: unknown
	Level    int
	Kind     Kind
	Speech   string   // one of Speeches: the language of the answer; empty: the first
	Run      *LastRun // nil: it was not run, or it has changed since
	Tests    []Test
}

// File is one file of a program.
type File struct {
	Name string // a relative path
	Text string
}

// Test is an input, and what the program should print. White space at the ends of lines and of the output does not count.
type Test struct {
	Stdin    string
	Expected string
}

// LastRun is how the program ended when it was run last.
type LastRun struct {
	Stage   string // "compile" when the compiler refused, else "run"
	Outcome string // "exited", "signal", "timeout", "cpu", "memory", "output", "stopped" or "failed"
	Code    int
	Output  string // of both streams, as it came
	Stdin   string
	Args    []string
}

// Source is where a fact comes from. That of an analyser is its name.
type Source string

const (
	SourceCompiler    Source = "compiler"
	SourceInterpreter Source = "interpreter"
	SourceCrash       Source = "crash"
	SourceSanitizer   Source = "sanitizer"
	SourceCoverage    Source = "coverage"
	SourceRepair      Source = "repair"
	SourceRun         Source = "run"
	SourceText        Source = "text" // the program's own, read and not run
)

// Fact is one thing that is known about a program.
type Fact struct {
	Source     Source   `json:"source"`
	File       string   `json:"file,omitempty"`
	Line       int      `json:"line,omitempty"` // from 1; 0: it has no place
	Column     int      `json:"column,omitempty"`
	Category   Category `json:"category,omitempty"`
	Message    string   `json:"message"`
	Confidence float64  `json:"confidence"` // from 0 to 1: that Line and Category are those of the fault
	rule       string   // of package mistakes
	what       string   // a piece of the program that the rule is about
}

// Suspect is a line where the fault may be, with the reason.
type Suspect struct {
	File       string   `json:"file"`
	Line       int      `json:"line"`
	Category   Category `json:"category"`
	Reason     string   `json:"reason"` // a sentence
	Confidence float64  `json:"confidence"`
	detail     detail   // what templates say more precisely
}

// Findings are all facts about a program, and what follows from them.
type Findings struct {
	Facts    []Fact    `json:"facts"`
	Suspects []Suspect `json:"suspects"` // the likeliest first
	Failing  *Failure  `json:"failing,omitempty"`
	Passed   int       `json:"passed"` // tests that pass
	Tests    int       `json:"tests"`  // that were run
	fixes    []string  // lines that make all tests pass: for the check of leaks, and never to be shown
}

// Failure is a test that fails.
type Failure struct {
	Test   Test   `json:"test"`
	Got    string `json:"got"`
	Errors string `json:"errors,omitempty"`
	Code   int    `json:"code"`
	Late   bool   `json:"late,omitempty"` // it did not come to an end
}

// Hint is an answer.
type Hint struct {
	File       string   `json:"file,omitempty"`
	Line       int      `json:"line,omitempty"`
	Category   Category `json:"category,omitempty"`
	Text       string   `json:"text"`
	Level      int      `json:"level"`
	Source     string   `json:"source"` // "grounded", or who else says so
	Confidence float64  `json:"confidence,omitempty"`
	Facts      []Fact   `json:"facts,omitempty"` // those that it stands on
}

// SourceGrounded is the source of hints that stand on facts alone.
const SourceGrounded = "grounded"

// Runner runs programs in a sandbox.
type Runner interface {
	// Run runs a program to its end. One that fails has a Result; an error means that it could not be run.
	Run(ctx context.Context, p Program) (Result, error)
}

// Program is what a Runner runs.
type Program struct {
	Language string
	Main     string // the name of the file to start
	Files    []File
	Stdin    string
	Args     []string
	Wall     time.Duration // at most; 0: what the runner allows
}

// Result is how a program ended.
type Result struct {
	Stage   string // as in LastRun
	Outcome string
	Code    int
	Stdout  string
	Stderr  string
	Message string // in words, when a limit was hit or when we failed
}
