package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"codecollab.dev/internal/runner/sandbox"
)

// stageResult is how a stage ended, in Piston's fields; verdict and truncated are ours.
type stageResult struct {
	Code     *int    `json:"code"`
	Signal   *string `json:"signal"`
	Message  *string `json:"message"`
	Status   *string `json:"status"`    // RE SG TO OL EL XX
	CPUTime  int64   `json:"cpu_time"`  // milliseconds
	WallTime int64   `json:"wall_time"` // milliseconds
	Memory   int64   `json:"memory"`    // bytes, peak
	// Verdict is the limit that was hit: wall, cpu, memory, tasks, disk, inodes, files, output; empty when none was.
	Verdict string `json:"verdict,omitempty"`
	// Truncated is how many bytes of each stream are missing from what was sent.
	Truncated *truncated `json:"truncated,omitempty"`
}

type truncated struct {
	Stdout int64 `json:"stdout"`
	Stderr int64 `json:"stderr"`
}

func (r *stageResult) ok() bool { return r.Code != nil && *r.Code == 0 && r.Verdict == "" }

// sink takes what a job does as it happens. data is called from two goroutines, one a stream.
type sink interface {
	stage(name string)
	data(stream string, p []byte)
	exit(name string, r *stageResult)
}

// input gives a stage its standard input: it writes to w until there is no more or ctx ends, and closes w.
type input func(ctx context.Context, w *os.File)

// terminal is the input of a stage that has a pseudo-terminal. It is called before the program starts, and returns when
// there is no more input or ctx ends; t is closed by the stage.
type terminal func(ctx context.Context, t *sandbox.Terminal)

// talk is how a run stage meets its person.
type talk struct {
	in       input
	terminal terminal      // in place of in, if not nil
	size     *sandbox.Size // of the terminal
	waiting  func(bool)    // told when the program begins and ends to wait for input, if not nil
	hold     func(*sandbox.Cell)
}

// runJob runs the stages of a job in one cell, and gives the files that it left if they are wanted. A program that fails
// is a result; the error is ours.
func (s *Server) runJob(ctx context.Context, j *job, t talk, out sink) (*leftFiles, error) {
	if err := s.awaitWarm(ctx, j.runtime); err != nil {
		return nil, err
	}
	c, err := s.sandbox.Acquire(ctx, j.runtime.view())
	if err != nil {
		return nil, err
	}
	defer s.discard(c)
	if err := c.Write(j.files); err != nil {
		return nil, fmt.Errorf("write the files: %w", err)
	}
	if t.hold != nil {
		t.hold(c)
	}
	p := places{id: j.runtime.ID, file: j.first, sources: sourcesOf(j.runtime.Language, j.files, j.first), cache: s.cachePlace(j.runtime)}
	if command := j.runtime.Compile.Command; len(command) > 0 {
		p.memory = j.compile.memory
		r, err := s.runStage(ctx, c, "compile", p.words(command, nil), p.environment(j.runtime.Language, j.alias), j.compile, talk{in: closed}, out)
		if err != nil || !r.ok() {
			return nil, err
		}
	}
	p.memory = j.run.memory
	env := p.environment(j.runtime.Language, j.alias)
	if t.terminal != nil {
		env = append(env, "TERM=xterm-256color")
	}
	if _, err = s.runStage(ctx, c, "run", p.words(j.runtime.Run.Command, j.args), env, j.run, t, out); err != nil || !j.collect {
		return nil, err
	}
	return s.collect(c), nil
}

// discard destroys a cell without making the client wait for it.
func (s *Server) discard(c *sandbox.Cell) {
	s.chores.Add(1)
	go func() {
		defer s.chores.Done()
		c.Close()
	}()
}

// closed is the input of stages that have none.
func closed(_ context.Context, w *os.File) { w.Close() }

// errFlood stops a stage that printed more than MaxOutput.
type errFlood struct{ stream string }

// errStopped is the end of a job whose client, or whose server, has gone away.
var errStopped = &httpError{http.StatusServiceUnavailable, "the run was stopped"}

func (e *errFlood) Error() string { return e.stream + " has no end" }

func (s *Server) runStage(ctx context.Context, c *sandbox.Cell, name string, argv, env []string, b bounds, t talk, out sink) (*stageResult, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	st := sandbox.Stage{Argv: argv, Env: env, Wall: b.wall, CPU: b.cpu, Memory: b.memory, Tasks: b.tasks, OnWaiting: t.waiting}
	out.stage(name)
	run := s.piped
	if t.terminal != nil {
		run = s.typedTo
	}
	result, err := run(ctx, cancel, c, st, t, out)
	if err != nil {
		return nil, err
	}
	var flood *errFlood
	errors.As(context.Cause(ctx), &flood)
	if result.Verdict == sandbox.Stopped && flood == nil {
		return nil, errStopped
	}
	r := describe(result, b, flood, s.options)
	out.exit(name, r)
	return r, nil
}

// piped runs a stage whose three streams are pipes.
func (s *Server) piped(ctx context.Context, cancel context.CancelCauseFunc, c *sandbox.Cell, st sandbox.Stage, t talk, out sink) (sandbox.Result, error) {
	pipes, err := newPipes()
	if err != nil {
		return sandbox.Result{}, err
	}
	defer pipes.close()
	var copying sync.WaitGroup
	copying.Go(func() { s.pump("stdout", pipes.outR, out, cancel) })
	copying.Go(func() { s.pump("stderr", pipes.errR, out, cancel) })
	feeding, stopFeeding := context.WithCancel(ctx)
	defer stopFeeding()
	var fed sync.WaitGroup
	fed.Go(func() { t.in(feeding, pipes.inW) })
	st.Stdin, st.Stdout, st.Stderr = pipes.inR, pipes.outW, pipes.errW
	result, err := c.Run(ctx, st)
	pipes.closeTheirs()
	copying.Wait()
	stopFeeding()
	pipes.inW.Close()
	fed.Wait()
	return result, err
}

// typedTo runs a stage that has a terminal.
func (s *Server) typedTo(ctx context.Context, cancel context.CancelCauseFunc, c *sandbox.Cell, st sandbox.Stage, t talk, out sink) (sandbox.Result, error) {
	feeding, stopFeeding := context.WithCancel(ctx)
	defer stopFeeding()
	var copying, fed sync.WaitGroup
	var opened *sandbox.Terminal
	st.Terminal = t.size
	st.OnTerminal = func(o *sandbox.Terminal) {
		opened = o
		copying.Go(func() { s.pump("stdout", o.Out, out, cancel) })
		copying.Go(func() { s.pump("stderr", late{o.Err}, out, cancel) })
		fed.Go(func() { t.terminal(feeding, o) })
	}
	result, err := c.Run(ctx, st)
	copying.Wait() // the terminals end when the program and all it started are gone
	stopFeeding()
	fed.Wait()
	if opened != nil {
		opened.Out.Close()
		opened.Err.Close()
	}
	return result, err
}

// late is read a little late. A program's prompt on stderr should not come before what it printed to stdout, which is
// the order in which people see a program that has one terminal for both.
type late struct{ io.Reader }

func (l late) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if n > 0 {
		time.Sleep(2 * time.Millisecond)
	}
	return n, err
}

// pump hands a stream on. What it holds at a time is one buffer, whatever the program prints.
func (s *Server) pump(stream string, r io.Reader, out sink, stop context.CancelCauseFunc) {
	buf := make([]byte, 32<<10)
	total := 0
	for {
		n, err := r.Read(buf)
		if n > 0 {
			out.data(stream, buf[:n])
		}
		if err != nil {
			return
		}
		if total += n; total > s.options.MaxOutput {
			stop(&errFlood{stream})
		}
	}
}

type pipes struct{ inR, inW, outR, outW, errR, errW *os.File }

func newPipes() (*pipes, error) {
	var p pipes
	var errs [3]error
	p.inR, p.inW, errs[0] = os.Pipe()
	p.outR, p.outW, errs[1] = os.Pipe()
	p.errR, p.errW, errs[2] = os.Pipe()
	if err := errors.Join(errs[:]...); err != nil {
		p.close()
		return nil, err
	}
	return &p, nil
}

func (p *pipes) closeTheirs() { p.inR.Close(); p.outW.Close(); p.errW.Close() }

func (p *pipes) close() { // closing twice, or nil, is an error value and nothing more
	p.closeTheirs()
	p.inW.Close()
	p.outR.Close()
	p.errR.Close()
}

// describe puts a result into Piston's fields, with a sentence that names the limit and its number.
func describe(r sandbox.Result, b bounds, flood *errFlood, o Options) *stageResult {
	out := &stageResult{CPUTime: r.CPU.Milliseconds(), WallTime: r.Wall.Milliseconds(), Memory: r.Memory, Verdict: string(r.Verdict)}
	set := func(status, format string, args ...any) {
		message := fmt.Sprintf(format, args...)
		out.Status, out.Message = &status, &message
	}
	if r.Signal != 0 {
		name := signalName(r.Signal)
		out.Signal = &name
		set("SG", "Caught fatal signal %d (%s)", int(r.Signal), name)
	} else {
		out.Code = &r.Code
		if r.Code != 0 {
			set("RE", "Exited with error status %d", r.Code)
		}
	}
	failed := "RE"
	if r.Signal != 0 {
		failed = "SG"
	}
	switch {
	case flood != nil:
		out.Verdict = "output"
		set(map[string]string{"stdout": "OL", "stderr": "EL"}[flood.stream], "Output limit exceeded: %s has no end", flood.stream)
	case r.Verdict == sandbox.Wall:
		set("TO", "Time limit of %v exceeded (wall clock)", seconds(b.wall))
	case r.Verdict == sandbox.CPU:
		set("TO", "Time limit of %v exceeded (CPU time)", seconds(b.cpu))
	case r.Verdict == sandbox.Memory:
		set(failed, "Memory limit of %d MiB exceeded", b.memory>>20)
	case r.Verdict == sandbox.Tasks:
		set(failed, "Limit of %d processes and threads reached", b.tasks)
	case r.Verdict == sandbox.Disk:
		set(failed, "The disk space of the program (%d MiB) is full", o.Disk>>20)
	case r.Verdict == sandbox.Inodes:
		set(failed, "Limit of %d files and folders reached", o.Inodes)
	case r.Verdict == sandbox.Files:
		set(failed, "Limit of %d open files reached", o.OpenFiles)
	}
	return out
}

func seconds(d time.Duration) string { return fmt.Sprintf("%g s", d.Seconds()) }
