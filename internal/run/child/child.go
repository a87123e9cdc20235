// Package child runs the engine that executes programs as a process of its own, and starts it again when it dies.
//
// The child gets an environment with nothing of the server's in it, and its standard input is a pipe that ends when this
// process does, however it ends; the child takes that as its sign to go.
package child

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Options say what to start.
type Options struct {
	Path string
	Args []string
	Env  []string // beside PATH, and what the child needs to know of us
	Log  *slog.Logger

	Patience time.Duration // how long the child may take to go before it is killed; default 10 s
	Pause    time.Duration // before a child that has died is started again; doubles each time up to 15 s; default 200 ms
}

// Runner is the child, over all its lives.
type Runner struct {
	opt   Options
	token string
	stop  context.CancelFunc
	gone  chan struct{}

	mu      sync.Mutex
	url     string
	failure error
	up      chan struct{} // closed while the child answers
}

const (
	mostPause = 15 * time.Second
	calm      = time.Minute     // a child that lived so long was well
	drain     = 5 * time.Second // for the log of a child that has ended; what it has started may hold it open
	niceness  = 10              // runs go behind edits
)

// Start begins to run the child and returns at once. That the child cannot run is no error here: rooms work without it,
// and Failure tells why.
func Start(ctx context.Context, opt Options) (*Runner, error) {
	if _, err := exec.LookPath(opt.Path); err != nil {
		return nil, err
	}
	opt.Patience, opt.Pause = cmp.Or(opt.Patience, 10*time.Second), cmp.Or(opt.Pause, 200*time.Millisecond)
	r := &Runner{opt: opt, token: rand.Text(), gone: make(chan struct{}), up: make(chan struct{})}
	ctx, r.stop = context.WithCancel(context.WithoutCancel(ctx))
	go r.supervise(ctx)
	return r, nil
}

// URL is where the child answers; empty while it does not.
func (r *Runner) URL() string {
	url, _ := r.Address()
	return url
}

// Address is where the child answers, or why it does not.
func (r *Runner) Address() (url string, why error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.url, r.failure
}

// Token is what the child asks for as a bearer token.
func (r *Runner) Token() string { return r.token }

// Failure says why the child does not answer, for people; nil while it does.
func (r *Runner) Failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failure
}

// Ready waits until the child answers.
func (r *Runner) Ready(ctx context.Context) error {
	for {
		r.mu.Lock()
		url, up := r.url, r.up
		r.mu.Unlock()
		if url != "" {
			return nil
		}
		select {
		case <-up:
		case <-ctx.Done():
			return errors.Join(ctx.Err(), r.Failure())
		}
	}
}

// Close ends the child and waits until it is gone.
func (r *Runner) Close() error {
	r.stop()
	<-r.gone
	return nil
}

func (r *Runner) supervise(ctx context.Context) {
	defer close(r.gone)
	pause := r.opt.Pause
	for ctx.Err() == nil {
		born := time.Now()
		err := r.live(ctx)
		if ctx.Err() != nil {
			return
		}
		r.down(err)
		if time.Since(born) > calm {
			pause = r.opt.Pause
		}
		r.opt.Log.Error("the runner has ended; it is started again", "err", err, "in", pause)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, mostPause)
	}
}

// live runs the child once, to its end.
func (r *Runner) live(ctx context.Context) error {
	last := "" // what the child said last may tell why it ended
	cmd := exec.Command(r.opt.Path, r.opt.Args...)
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=/", "CODECOLLAB_ANNOUNCE=1", "CODECOLLAB_RUNNER_TOKEN=" + r.token,
	}, r.opt.Env...)
	// A group of its own: Ctrl+C in a terminal is for the server, which lets programs end before it takes the child away.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = drain
	cmd.Stdout = &lines{each: r.announced}
	cmd.Stderr = &lines{each: func(line string) { last = line; r.log(line) }}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	// Of the group, for on Linux the priority of a process is that of its first thread only.
	if err := syscall.Setpriority(syscall.PRIO_PGRP, cmd.Process.Pid, niceness); err != nil {
		r.opt.Log.Warn("the runner has the priority of the server", "err", err)
	}
	stopped := context.AfterFunc(ctx, func() { r.end(stdin, cmd.Process) })
	defer stopped()
	err = cmd.Wait()
	if why, ok := strings.CutPrefix(last, "codecollab: "); ok { // as main says it
		return errors.New(why)
	}
	return err
}

// end asks the child to go, and makes it go when it does not.
func (r *Runner) end(stdin io.Closer, p *os.Process) {
	_ = stdin.Close() // the child sees the end of its input
	kill := time.AfterFunc(r.opt.Patience, func() { _ = p.Kill() })
	<-r.gone
	kill.Stop()
}

// announced takes a line of the child's output; one of them says where it answers.
func (r *Runner) announced(line string) {
	url, ok := strings.CutPrefix(line, "ready ")
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.url == "" {
		close(r.up)
	}
	r.url, r.failure = url, nil
}

// log passes on a line of the child's log, which is JSON (--log-format=json), or anything that it says besides.
func (r *Runner) log(line string) {
	var fields map[string]any
	if json.Unmarshal([]byte(line), &fields) != nil {
		r.opt.Log.Info("runner: " + line)
		return
	}
	level := slog.LevelInfo
	_ = level.UnmarshalText([]byte(fmt.Sprint(fields["level"]))) // a level that nobody knows is information
	msg := fmt.Sprint("runner: ", fields["msg"])
	var args []any
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if key != "time" && key != "level" && key != "msg" {
			args = append(args, key, fields[key])
		}
	}
	r.opt.Log.Log(context.Background(), level, msg, args...)
}

func (r *Runner) down(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.url != "" {
		r.up = make(chan struct{})
	}
	r.url, r.failure = "", fmt.Errorf("the runner does not run: %w", err)
	if err == nil {
		r.failure = errors.New("the runner has ended")
	}
}
