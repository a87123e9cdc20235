package runner

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"sync"
)

// collected is a stage of an answer to /execute.
type collected struct {
	Stdout string `json:"stdout"`
	Stderr string `json:"stderr"`
	Output string `json:"output"` // both, as they came
	*stageResult
}

type answer struct {
	Compile  *collected `json:"compile,omitempty"`
	Run      *collected `json:"run"`
	Language string     `json:"language"`
	Version  string     `json:"version"`
	Files    []leftFile `json:"files,omitempty"`   // asked for by collect
	Skipped  []string   `json:"skipped,omitempty"` // what could not be given back, and why
}

// collector is the sink of /execute.
type collector struct {
	keep   int
	mu     sync.Mutex
	now    map[string]*clipped // stream, or "output"
	stages map[string]*collected
}

func (c *collector) stage(string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = map[string]*clipped{}
	for _, name := range []string{"stdout", "stderr", "output"} {
		c.now[name] = &clipped{keep: c.keep}
	}
}

func (c *collector) data(stream string, p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now[stream].write(p)
	c.now["output"].write(p)
}

func (c *collector) exit(name string, r *stageResult) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if out, err := c.now["stdout"].lost, c.now["stderr"].lost; out+err > 0 {
		r.Truncated = &truncated{out, err}
	}
	c.stages[name] = &collected{c.now["stdout"].String(), c.now["stderr"].String(), c.now["output"].String(), r}
}

func (s *Server) execute(w http.ResponseWriter, r *http.Request) error {
	raw, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	j, err := parse(raw, s.finder(r.Context()), s.options)
	if err != nil {
		return err
	}
	a, err := s.whole(r.Context(), j)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, a)
}

// whole waits for a job's turn, does it, and gives the answer when it is over.
func (s *Server) whole(client context.Context, j *job) (*answer, error) {
	release, err := s.gate.enter(client)
	if err != nil {
		return nil, err
	}
	defer release()
	ctx, leave := s.within(s.jobContext(client))
	defer leave()
	c := &collector{keep: s.options.KeepOutput, stages: map[string]*collected{}}
	left, err := s.runJob(ctx, j, talk{in: textInput(j.stdin)}, c)
	if err != nil {
		return nil, err
	}
	a := &answer{Compile: c.stages["compile"], Run: c.stages["run"], Language: j.runtime.ID, Version: j.runtime.version.String()}
	if a.Run == nil { // Piston's clients look for run even when compiling failed
		a.Run = a.Compile
	}
	if left != nil {
		a.Files, a.Skipped = left.files, left.skipped
	}
	return a, nil
}

// jobContext is the context of a job that a client has asked for.
func (s *Server) jobContext(client context.Context) context.Context {
	if s.options.Finish {
		return context.WithoutCancel(client)
	}
	return client
}

// textInput gives all of the input at once; a program that does not read it is no failure.
func textInput(text string) input {
	return func(ctx context.Context, w *os.File) {
		stop := context.AfterFunc(ctx, func() { w.Close() })
		defer stop()
		_, _ = io.WriteString(w, text)
		w.Close()
	}
}

func writeJSON(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(v)
}
