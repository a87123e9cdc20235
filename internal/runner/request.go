package runner

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"codecollab.dev/internal/runner/sandbox"
)

// job is a request that has been checked: it can be run as it is.
type job struct {
	runtime *installed
	alias   string // the name the client used
	files   []sandbox.File
	first   string // the file that is run
	stdin   string
	args    []string
	compile bounds
	run     bounds

	collect     bool          // give back the files it leaves
	interactive bool          // say when it waits for input
	size        *sandbox.Size // of its terminal; nil: it has none
}

// bounds are the limits of one stage.
type bounds struct {
	wall, cpu time.Duration
	memory    int64
	tasks     int
}

// badRequest is a sentence for the client, sent with status 400.
type badRequest struct {
	message string
	unknown string // the language that was asked for and is not here in that version
}

func (b *badRequest) Error() string { return b.message }

func refuse(format string, args ...any) error {
	return &badRequest{message: fmt.Sprintf(format, args...)}
}

// body is a request as it came, /execute's and /connect's init alike. Fields are any where Piston names the type it
// wants in its own words.
type body struct {
	Language any   `json:"language"`
	Version  any   `json:"version"`
	Files    []any `json:"files"`
	Stdin    any   `json:"stdin"`
	Args     any   `json:"args"`

	CompileTimeout     any `json:"compile_timeout"`
	RunTimeout         any `json:"run_timeout"`
	CompileCPUTime     any `json:"compile_cpu_time"`
	RunCPUTime         any `json:"run_cpu_time"`
	CompileMemoryLimit any `json:"compile_memory_limit"`
	RunMemoryLimit     any `json:"run_memory_limit"`

	// Additions to Piston. The terminal is for /connect only.
	Collect     any `json:"collect"`
	PTY         any `json:"pty"`
	Rows        any `json:"rows"`
	Cols        any `json:"cols"`
	Interactive any `json:"interactive"`
}

// finder gives the runtimes of the language with this name.
type finder func(name string) ([]*installed, error)

// parse checks a request against the languages there are and the limits of the server.
func parse(raw []byte, have finder, o Options) (*job, error) {
	var b body
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, unreadable(err)
	}
	language, _ := b.Language.(string)
	if language == "" {
		return nil, refuse("language is required as a string")
	}
	version, _ := b.Version.(string)
	if version == "" {
		return nil, refuse("version is required as a string")
	}
	if b.Files == nil {
		return nil, refuse("files is required as an array")
	}
	runtimes, err := have(language)
	if err != nil {
		return nil, err
	}
	j := &job{alias: language, runtime: choose(runtimes, language, version)}
	if j.runtime == nil {
		return nil, &badRequest{fmt.Sprintf("%s-%s runtime is unknown", cut(language), cut(version)), language}
	}
	if err := j.takeFiles(b.Files, o.MaxFiles); err != nil {
		return nil, err
	}
	if err := j.takeInput(b); err != nil {
		return nil, err
	}
	if err := j.takeAdditions(b); err != nil {
		return nil, err
	}
	return j, j.takeLimits(b, o)
}

// takeAdditions reads what Piston does not know.
func (j *job) takeAdditions(b body) error {
	pty := false
	for _, f := range []struct {
		name  string
		value any
		set   *bool
	}{{"collect", b.Collect, &j.collect}, {"interactive", b.Interactive, &j.interactive}, {"pty", b.PTY, &pty}} {
		is, ok := f.value.(bool)
		if !ok && f.value != nil {
			return refuse("%s must be true or false", f.name)
		}
		*f.set = is
	}
	if !pty {
		return nil
	}
	if b.Rows == nil {
		b.Rows = 24.0
	}
	if b.Cols == nil {
		b.Cols = 80.0
	}
	var err error
	j.interactive = true
	j.size, err = terminalSize(b.Rows, b.Cols)
	return err
}

// maxSide bounds a terminal: some programs keep a line in memory for each row.
const maxSide = 1000

func terminalSize(rows, cols any) (*sandbox.Size, error) {
	r, rowsFit := side(rows)
	c, colsFit := side(cols)
	if !rowsFit || !colsFit {
		return nil, refuse("rows and cols must be whole numbers from 1 to %d", maxSide)
	}
	return &sandbox.Size{Rows: r, Cols: c}, nil
}

func side(v any) (uint16, bool) {
	n, _ := v.(float64)
	return uint16(n), n >= 1 && n <= maxSide && n == math.Trunc(n)
}

// unreadable says why JSON could not be taken, without the names of our types.
func unreadable(err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case !errors.As(err, &wrong):
		return refuse("the request is not valid JSON: %v", err)
	case wrong.Field == "files":
		return refuse("files is required as an array")
	case strings.HasPrefix(wrong.Value, "number "):
		return refuse("the request is not valid JSON: the %s is out of range", wrong.Value)
	}
	return refuse("the request must be a JSON object, not %s", wrong.Value)
}

// cut keeps a client's words from filling an error message.
func cut(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

func (j *job) takeFiles(files []any, most int) error {
	if len(files) > most {
		return refuse("%d files are more than the %d that a request may have", len(files), most)
	}
	seen := map[string]bool{}
	for i, f := range files {
		file, _ := f.(map[string]any)
		content, ok := file["content"].(string)
		if !ok {
			return refuse("files[%d].content is required as a string", i)
		}
		encoding, err := text(file, "encoding", "utf8")
		if err != nil {
			return refuse("files[%d].%v", i, err)
		}
		fallback := j.runtime.Source
		if i > 0 {
			fallback = fmt.Sprintf("file%d.code", i)
		}
		name, err := text(file, "name", fallback)
		if err != nil {
			return refuse("files[%d].%v", i, err)
		}
		if err := checkName(name, seen); err != nil {
			return refuse("files[%d].name %v", i, err)
		}
		data, err := decode(content, encoding)
		if err != nil {
			return refuse("files[%d].content: %v", i, err)
		}
		if j.first == "" && encoding == "utf8" {
			j.first = name
		}
		j.files = append(j.files, sandbox.File{Path: name, Data: data})
	}
	if j.first == "" {
		return refuse("files must include at least one utf8 encoded file")
	}
	return nil
}

// text takes an optional string; empty is as good as missing.
func text(file map[string]any, key, fallback string) (string, error) {
	switch v := file[key].(type) {
	case nil:
		return fallback, nil
	case string:
		if v == "" {
			return fallback, nil
		}
		return v, nil
	}
	return "", fmt.Errorf("%s must be a string", key)
}

// checkName allows relative paths inside the job's folder and nothing else. seen holds the files so far and the
// folders they need.
func checkName(name string, seen map[string]bool) error {
	switch {
	case len(name) > 200:
		return fmt.Errorf("is %d bytes long; at most 200 are allowed", len(name))
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Errorf("holds characters that a file name cannot have")
	case path.IsAbs(name):
		return fmt.Errorf("%q must be a relative path", name)
	case name != path.Clean(name) || name == "." || name == ".." || strings.HasPrefix(name, "../"):
		return fmt.Errorf("%q must be a plain path, without \".\" and \"..\" parts", name)
	}
	if _, taken := seen[name]; taken {
		return fmt.Errorf("%q is used twice", name)
	}
	seen[name] = true
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if seen[dir] {
			return fmt.Errorf("%q needs a folder where a file is", name)
		}
		seen[dir] = false
	}
	return nil
}

func decode(content, encoding string) ([]byte, error) {
	switch encoding {
	case "utf8":
		return []byte(content), nil
	case "base64":
		b, err := base64.StdEncoding.DecodeString(content)
		if err != nil {
			b, err = base64.RawStdEncoding.DecodeString(content)
		}
		if err != nil {
			return nil, fmt.Errorf("not valid base64")
		}
		return b, nil
	case "hex":
		b, err := hex.DecodeString(content)
		if err != nil {
			return nil, fmt.Errorf("not valid hex")
		}
		return b, nil
	}
	return nil, fmt.Errorf("encoding %q is not one of utf8, base64, hex", cut(encoding))
}

func (j *job) takeInput(b body) error {
	switch v := b.Stdin.(type) {
	case nil:
	case string:
		j.stdin = v
	default:
		return refuse("stdin must be a string")
	}
	switch v := b.Args.(type) {
	case nil:
	case []any:
		for i, a := range v {
			s, ok := a.(string)
			if !ok || strings.ContainsRune(s, 0) {
				return refuse("args[%d] must be a string without zero bytes", i)
			}
			j.args = append(j.args, s)
		}
		return checkArgs(j.args)
	default:
		return refuse("args must be an array of strings")
	}
	return nil
}

// Bounds of the arguments. The kernel takes no longer ones, and not many more of them.
const (
	maxArgs     = 1000
	maxArg      = 128<<10 - 1
	maxArgBytes = 1 << 20
)

func checkArgs(args []string) error {
	if len(args) > maxArgs {
		return refuse("args has %d entries; at most %d are allowed", len(args), maxArgs)
	}
	all := 0
	for i, a := range args {
		if all += len(a); len(a) > maxArg {
			return refuse("args[%d] has %d bytes; at most %d are allowed: send long texts as stdin or a file", i, len(a), maxArg)
		}
	}
	if all > maxArgBytes {
		return refuse("args have %d bytes together; at most %d are allowed: send long texts as stdin or a file", all, maxArgBytes)
	}
	return nil
}

// takeLimits starts from the server's defaults, lets the language raise them and the request set them, up to the most
// that the server allows.
func (j *job) takeLimits(b body, o Options) error {
	l := j.runtime.Limits
	j.compile = defaults(o.CompileTimeout, o.CompileMemory, o.Tasks, l.CompileTimeoutMS, l.CompileMemoryMiB, l.CompileTasks)
	j.run = defaults(o.RunTimeout, o.RunMemory, o.Tasks, l.RunTimeoutMS, l.RunMemoryMiB, l.RunTasks)
	for _, m := range []struct {
		name  string
		value any
		set   *int64
	}{
		{"compile_memory_limit", b.CompileMemoryLimit, &j.compile.memory}, {"run_memory_limit", b.RunMemoryLimit, &j.run.memory},
	} {
		if m.value == float64(-1) { // Piston's word for "no limit": here, the server's own
			continue
		}
		n, err := amount(m.name, m.value, float64(max(o.MaxMemory, *m.set)))
		if err != nil {
			return err
		}
		if n > 0 {
			*m.set = max(int64(n), 1<<20)
		}
	}
	for _, t := range []struct {
		name  string
		value any
		set   *time.Duration
	}{
		{"compile_timeout", b.CompileTimeout, &j.compile.wall}, {"run_timeout", b.RunTimeout, &j.run.wall},
		{"compile_cpu_time", b.CompileCPUTime, &j.compile.cpu}, {"run_cpu_time", b.RunCPUTime, &j.run.cpu},
	} {
		most := max(o.MaxTimeout, *t.set)
		n, err := amount(t.name, t.value, float64(most.Milliseconds()))
		if err != nil {
			return err
		}
		if n > 0 {
			*t.set = time.Duration(n * float64(time.Millisecond))
		}
	}
	return nil
}

func defaults(timeout time.Duration, memory int64, tasks int, ms, mib int64, more int) bounds {
	timeout = max(timeout, time.Duration(ms)*time.Millisecond)
	return bounds{wall: timeout, cpu: timeout, memory: max(memory, mib<<20), tasks: max(tasks, more)}
}

// amount reads an optional limit in Piston's manner; 0 and nothing mean the default.
func amount(name string, v any, most float64) (float64, error) {
	if v == nil || v == false || v == "" { // as JavaScript sees it
		return 0, nil
	}
	n, ok := v.(float64)
	switch {
	case !ok || math.IsNaN(n):
		return 0, refuse("If specified, %s must be a number", name)
	case n < 0:
		return 0, refuse("%s must be non-negative", name)
	case n > most:
		return 0, refuse("%s cannot exceed the configured limit of %.0f", name, most)
	}
	return n, nil
}
