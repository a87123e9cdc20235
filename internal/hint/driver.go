package hint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"codecollab.dev/internal/hint/drivers"
	"codecollab.dev/internal/hint/mutate"
)

// driver is how programs of a language are run against tests in one cell.
type driver struct {
	source string // in package drivers
	main   string // its name in the cell
	beside string // another file that it needs, and
	as     string // its name in the cell
	shell  bool   // the job is written for a shell, which reads no JSON
	warms  bool   // it grows faster while it runs
	most   int    // mutants that are worth a try; 0: lines of the language cannot be read, and are only run
}

// driverOf finds the driver of a language.
func driverOf(language string) (driver, bool) {
	switch language {
	case "python":
		return driver{source: "driver.py", main: "driver.py", most: 6000}, true
	case "java":
		return driver{source: "driver.java", main: "driver.java", beside: "driver.probe.java", as: "ccprobe/Probe.java", warms: true, most: 2500}, true
	case "javascript":
		return driver{source: "driver.js", main: "driver.js", most: 2500}, true
	case "go":
		return driver{source: "driver.go.txt", main: "driver.go", most: 2500}, true
	case "c", "c++":
		return driver{source: "driver.c.txt", main: map[string]string{"c": "driver.c", "c++": "driver.cpp"}[language], beside: "driver.sh", as: "driver.sh", most: 2500, shell: true}, true
	case "bash":
		return driver{source: "driver.bash.txt", main: "driver.sh", shell: true}, true
	}
	return driver{}, false
}

// job is what a driver is told.
type job struct {
	Mode    string      `json:"mode"` // "base": run the tests and see what they visit; "mutants": try these
	Main    string      `json:"main"`
	Files   []jobFile   `json:"files"`
	Args    []string    `json:"args"`
	Tests   []jobTest   `json:"tests"`
	Order   []int       `json:"order"`   // of tests, for mutants
	Seconds float64     `json:"seconds"` // for one run
	Budget  float64     `json:"budget"`  // for all mutants, in seconds
	Mutants []jobMutant `json:"mutants"`
	// Sanitize asks that mutants of C are watched as the program was, where that is what showed the fault.
	Sanitize bool `json:"-"`
}

type jobFile struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type jobTest struct {
	Stdin    string `json:"stdin"`
	Expected string `json:"expected"`
}

type jobMutant struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Text string `json:"text"`
	// Weight is how likely it is: a driver may leave the rest alone when it has found something far likelier.
	Weight float64 `json:"weight"`
}

// report is all that a driver said.
type report struct {
	compile *reportLine
	runs    []reportLine
	covers  []reportLine
	tools   []reportLine
	mutants []reportLine
	done    bool
	errors  string // what the driver itself printed as errors, or why it was stopped
}

// place is a file and a line.
type place struct {
	File string
	Line int
}

// UnmarshalJSON reads ["main.py", 3].
func (p *place) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&p.File, &p.Line})
}

// reportLine is a line of a report; each type has some of the fields.
type reportLine struct {
	T     string  `json:"t"`
	OK    bool    `json:"ok"`
	Out   string  `json:"out"`
	Err   string  `json:"err"`
	Test  int     `json:"test"`
	Code  int     `json:"code"`
	Late  bool    `json:"late"`
	MS    int     `json:"ms"`
	Out64 []byte  `json:"out64"` // as Out and Err, of a shell
	Err64 []byte  `json:"err64"`
	Lines []place `json:"lines"`
	Stack []place `json:"stack"`
	Name  string  `json:"name"`
	ID    int     `json:"id"`
	R     string  `json:"r"`
}

// baseWall is how long the tests, their coverage and the analysers may take together.
const baseWall = 20 * time.Second

// errNoLanguage says that the runner cannot run programs of the language.
var errNoLanguage = errors.New("the runner cannot run it")

// drive runs a job with the driver of the language.
func (e *Engine) drive(ctx context.Context, language string, d driver, j job) (report, error) {
	files := []File{{d.main, drivers.Source(d.source)}}
	if d.shell {
		files = append(files, shellJob(language, j)...)
	} else {
		files = append(files, jobText(j))
	}
	if d.beside != "" {
		files = append(files, File{d.as, drivers.Source(d.beside)})
	}
	wall := baseWall
	if j.Mode == "mutants" {
		wall = time.Duration(float64(time.Second) * (j.Budget + 5))
	}
	r, err := e.opt.Runner.Run(ctx, Program{Language: language, Main: d.main, Wall: min(wall, 55*time.Second), Files: files})
	if err != nil {
		return report{}, fmt.Errorf("the %s driver of hints was not run: %w", language, err)
	}
	if r.Outcome == "failed" {
		return report{}, fmt.Errorf("%w: %s", errNoLanguage, r.Message)
	}
	return parseReport(r), nil
}

func jobText(j job) File {
	data, err := json.Marshal(j)
	if err != nil {
		panic(err) // texts and numbers only
	}
	return File{"job.json", string(data)}
}

func parseReport(r Result) (out report) {
	for line := range strings.Lines(r.Stdout) {
		var l reportLine
		if json.Unmarshal([]byte(line), &l) != nil {
			continue // a line that the end of the driver cut off, or the runner for its length
		}
		l.Out, l.Err = l.Out+string(l.Out64), l.Err+string(l.Err64)
		switch l.T {
		case "compile":
			out.compile = &l
		case "run":
			out.runs = append(out.runs, l)
		case "cover":
			out.covers = append(out.covers, l)
		case "tool":
			out.tools = append(out.tools, l)
		case "mutant":
			out.mutants = append(out.mutants, l)
		case "done":
			out.done = true
		}
	}
	out.errors = strings.TrimSpace(r.Stderr + "\n" + r.Message)
	return out
}

// newJob is the job of an Ask.
func newJob(a Ask, mode string) job {
	j := job{Mode: mode, Main: a.Program, Seconds: 1.5, Args: []string{}, Order: []int{}, Mutants: []jobMutant{}}
	if a.Run != nil && a.Run.Args != nil {
		j.Args = a.Run.Args
	}
	for _, f := range a.Files {
		j.Files = append(j.Files, jobFile(f))
	}
	for _, t := range a.Tests {
		j.Tests = append(j.Tests, jobTest(t))
	}
	return j
}

// mutation is a mutant of a file.
type mutation struct {
	mutate.Mutant
	file   string
	weight float64 // of the change, and of the suspicion against its line
}
