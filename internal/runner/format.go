package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"codecollab.dev/internal/runner/sandbox"
)

// formatRequest is the body of POST /format, an addition to Piston.
type formatRequest struct {
	Language any `json:"language"`
	Version  any `json:"version"` // a range; all versions when there is none
	Name     any `json:"name"`    // of the file
	Content  any `json:"content"`
}

// formatted is its answer.
type formatted struct {
	Content  string `json:"content"`
	Language string `json:"language"`
	Version  string `json:"version"`
}

// unformatted is why there is none: what the formatter said, and of which line, if it named one.
type unformatted struct {
	Message string `json:"message"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
}

// format runs the formatter of a language over one file, in a cell with the limits of a compiler.
func (s *Server) format(w http.ResponseWriter, r *http.Request) error {
	raw, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	j, err := s.parseFormat(r.Context(), raw)
	if err != nil {
		return err
	}
	release, err := s.gate.enter(r.Context())
	if err != nil {
		return err
	}
	defer release()
	ctx, leave := s.within(r.Context())
	defer leave()
	out, err := s.runFormat(ctx, j)
	if err != nil {
		return err
	}
	stdout, end := out.now["stdout"], out.stages["format"]
	switch {
	case !end.ok():
		return writeJSON(w, http.StatusBadRequest, complaint(j.runtime, end))
	case stdout.lost > 0:
		return refuse("the formatted file is larger than the %d bytes allowed", s.options.MaxBody)
	case end.Stdout == "" && strings.TrimSpace(j.stdin) != "":
		return refuse("the formatter of %s printed nothing", j.runtime.Name)
	}
	return writeJSON(w, http.StatusOK, formatted{end.Stdout, j.runtime.ID, j.runtime.version.String()})
}

// parseFormat checks a request. The job's input is the file.
func (s *Server) parseFormat(ctx context.Context, raw []byte) (*job, error) {
	var b formatRequest
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, unreadable(err)
	}
	content, ok := b.Content.(string)
	if !ok {
		return nil, refuse("content is required as a string")
	}
	if b.Version == nil {
		b.Version = "*"
	}
	file := map[string]any{"content": content}
	if b.Name != nil {
		file["name"] = b.Name
	}
	wanted, err := json.Marshal(body{Language: b.Language, Version: b.Version, Files: []any{file}, Stdin: content})
	if err != nil {
		return nil, err
	}
	formatters := func(name string) ([]*installed, error) {
		all, err := s.finder(ctx)(name)
		if err != nil || len(all) == 0 {
			return nil, err
		}
		able := slices.DeleteFunc(slices.Clone(all), func(i *installed) bool { return !i.formats })
		if len(able) == 0 {
			return nil, refuse("%s", noFormatter(all[0]))
		}
		return able, nil
	}
	return parse(wanted, formatters, s.options)
}

func noFormatter(i *installed) string {
	if len(i.Format.Command) == 0 {
		return "there is no formatter for " + i.Name
	}
	return fmt.Sprintf("the formatter for %s is not installed on this server; an administrator can run: codecollab languages install %s", i.Name, i.ID)
}

func (s *Server) runFormat(ctx context.Context, j *job) (*collector, error) {
	c, err := s.sandbox.Acquire(ctx, j.runtime.view())
	if err != nil {
		return nil, err
	}
	defer s.discard(c)
	if err := c.Write(j.files); err != nil { // some look for settings beside the file that they are told of
		return nil, fmt.Errorf("write the file: %w", err)
	}
	p := places{id: j.runtime.ID, file: j.first, sources: []string{j.first}, memory: j.compile.memory, cache: "/tmp/cache"}
	out := &collector{keep: int(s.options.MaxBody / 2), stages: map[string]*collected{}}
	_, err = s.runStage(ctx, c, "format", p.words(j.runtime.Format.Command, nil), p.environment(j.runtime.Language, j.alias), j.compile,
		talk{in: textInput(j.stdin)}, out)
	if errors.As(err, new(*sandbox.MissingProgram)) {
		return nil, refuse("%s", noFormatter(j.runtime))
	}
	return out, err
}

// somewhere finds a place in what formatters commonly say: "<stdin>:3:14: …", "(3:14)", "line 3".
var somewhere = regexp.MustCompile(`(?:[>\w.\-/]+:|\(|[Ll]ine )(?P<line>\d+)(?::(?P<column>\d+))?`)

// complaint is what a formatter said in its own words, with the place where it says that the source is wrong.
func complaint(i *installed, end *collected) unformatted {
	said := strings.TrimSpace(end.Stderr)
	if said == "" {
		said = strings.TrimSpace(end.Stdout)
	}
	if end.Verdict != "" || said == "" {
		said = strings.TrimSpace(*end.Message + "\n" + said)
	}
	u := unformatted{Message: bounded(said)}
	patterns := []*regexp.Regexp{}
	for _, text := range i.Errors {
		patterns = append(patterns, regexp.MustCompile(text)) // the catalogue has been checked
	}
	for _, re := range append(patterns, somewhere) {
		for line := range strings.Lines(said) {
			if m := re.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				u.Line, _ = strconv.Atoi(m[re.SubexpIndex("line")])
				if n := re.SubexpIndex("column"); n >= 0 {
					u.Column, _ = strconv.Atoi(m[n])
				}
				return u
			}
		}
	}
	return u
}

// bounded keeps a formatter from filling a page.
func bounded(said string) string {
	const most = 2000
	if len(said) <= most {
		return said
	}
	return strings.ToValidUTF8(said[:most], "") + "…"
}
