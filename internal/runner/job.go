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
	// Verdict is the limit that was hit: wall, cpu, memory, tasks, disk, output; empty when none was.
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

// runJob runs the stages of a job in one cell. A program that fails is a result; the error is ours. hold, if not nil,
// is given the cell for signals.
func (s *Server) runJob(ctx context.Context, j *job, in input, out sink, hold func(*sandbox.Cell)) error {
	select {
	case <-j.runtime.warm:
	case <-ctx.Done():
		return ctx.Err()
	}
	c, err := s.sandbox.Acquire(ctx)
	if err != nil {
		return err
	}
	defer s.discard(c)
	if err := c.Write(j.files); err != nil {
		return fmt.Errorf("write the files: %w", err)
	}
	if hold != nil {
		hold(c)
	}
	p := places{file: j.first, sources: sourcesOf(j.runtime.Language, j.files, j.first), cache: s.cachePlace(j.runtime)}
	if command := j.runtime.Compile.Command; len(command) > 0 {
		p.memory = j.compile.memory
		r, err := s.runStage(ctx, c, "compile", p.words(command, nil), p.environment(j.runtime.Language, j.alias), j.compile, closed, out)
		if err != nil || !r.ok() {
			return err
		}
	}
	p.memory = j.run.memory
	_, err = s.runStage(ctx, c, "run", p.words(j.runtime.Run.Command, j.args), p.environment(j.runtime.Language, j.alias), j.run, in, out)
	return err
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

func (s *Server) runStage(ctx context.Context, c *sandbox.Cell, name string, argv, env []string, b bounds, in input, out sink) (*stageResult, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	pipes, err := newPipes()
	if err != nil {
		return nil, err
	}
	defer pipes.close()
	out.stage(name)
	var copying sync.WaitGroup
	for stream, r := range map[string]*os.File{"stdout": pipes.outR, "stderr": pipes.errR} {
		copying.Go(func() { s.pump(stream, r, out, cancel) })
	}
	feeding, stopFeeding := context.WithCancel(ctx)
	var fed sync.WaitGroup
	fed.Go(func() { in(feeding, pipes.inW) })
	result, err := c.Run(ctx, sandbox.Stage{Argv: argv, Env: env, Stdin: pipes.inR, Stdout: pipes.outW, Stderr: pipes.errW,
		Wall: b.wall, CPU: b.cpu, Memory: b.memory, Tasks: b.tasks})
	pipes.closeTheirs()
	copying.Wait()
	stopFeeding()
	pipes.inW.Close()
	fed.Wait()
	if err != nil {
		return nil, err
	}
	var flood *errFlood
	errors.As(context.Cause(ctx), &flood)
	if result.Verdict == sandbox.Stopped && flood == nil {
		return nil, errStopped
	}
	r := describe(result, b, flood)
	out.exit(name, r)
	return r, nil
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
func describe(r sandbox.Result, b bounds, flood *errFlood) *stageResult {
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
		set(failed, "The disk space of the program is full")
	}
	return out
}

func seconds(d time.Duration) string { return fmt.Sprintf("%g s", d.Seconds()) }
