package piston

import "codecollab.dev/internal/run"

// job is a request to run, as Piston takes it.
type job struct {
	Type     string   `json:"type,omitempty"` // "init" on a WebSocket
	Language string   `json:"language"`
	Version  string   `json:"version"`
	Files    []file   `json:"files"`
	Stdin    string   `json:"stdin,omitempty"` // with /execute only
	Args     []string `json:"args"`
	// Additions of our runner, which no other server is asked for.
	Collect bool `json:"collect,omitempty"` // the files that the program leaves
	terminal
	RunTimeout int64 `json:"run_timeout,omitempty"` // ms
}

type file struct {
	Name    string `json:"name"`
	Content string `json:"content"`
}

// newJob puts the file to start first, which is how Piston knows it.
func newJob(p run.Program, isOurs bool) job {
	j := job{Language: p.Language, Version: "*", Args: p.Args}
	if isOurs {
		j.Collect, j.terminal, j.RunTimeout = true, terminalOf(p.Terminal), p.Wall.Milliseconds()
	}
	if j.Args == nil {
		j.Args = []string{}
	}
	for _, first := range []bool{true, false} {
		for _, f := range p.Files {
			if (f.Name == p.Main) == first {
				j.Files = append(j.Files, file(f))
			}
		}
	}
	return j
}
