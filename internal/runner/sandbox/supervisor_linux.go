package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// firstHostID is the host's user that root of a cell is; programs are firstHostID+programID. No host gives out users
// this high, so even a program that got out would own nothing.
const firstHostID = 1_800_000_000

// buildTime bounds how long a cell may take to become ready on a machine under load.
const buildTime = 20 * time.Second

// Cell is a supervisor's hold of one cell. Its methods but Signal and Kill are not for concurrent use.
type Cell struct {
	*launched
	sandbox *Sandbox
	replies chan answer       // closed when process 1 is gone
	work    *os.Root          // the cell's /work; it outlives the cell's processes
	files   uint64            // that a process may have open
	given   map[string][]byte // what Write has put into /work
	sending sync.Mutex
	dead    atomic.Bool
	stopped atomic.Bool // by Kill
	closed  sync.Once
}

// startCell makes a cell of the given shape and waits until it is ready.
func (s *Sandbox) startCell(spec Spec) (*Cell, error) {
	l, err := s.tier.launch(s.serial.Add(1), spec, s.config.Memory)
	if err != nil {
		return nil, err
	}
	c := &Cell{sandbox: s, launched: l, replies: make(chan answer, 1), files: spec.Files, given: map[string][]byte{}}
	s.cells.Add(1)
	go c.listen()
	if err := c.build(l.plan); err != nil {
		c.Close()
		if l.said != nil && l.said() != "" {
			err = fmt.Errorf("%w: %s", err, l.said())
		}
		return nil, fmt.Errorf("build the cell: %w", err)
	}
	return c, nil
}

func (c *Cell) build(b *blueprint) error {
	got, err := c.ask(request{Op: "build", Build: b})
	defer closeAll(got)
	if err != nil {
		return err
	}
	if len(got) != 1 {
		return errors.New("the cell did not hand out its folder")
	}
	c.work, err = os.OpenRoot(fmt.Sprintf("/proc/self/fd/%d", got[0].Fd()))
	return err
}

func idMap() []syscall.SysProcIDMap {
	return []syscall.SysProcIDMap{
		{ContainerID: 0, HostID: firstHostID, Size: 1},
		{ContainerID: programID, HostID: firstHostID + programID, Size: 1},
	}
}

// answer is a reply with the descriptors that came with it.
type answer struct {
	reply
	files []*os.File
}

func (c *Cell) listen() {
	defer close(c.replies)
	for {
		var a answer
		var err error
		if a.files, err = receive(c.conn, &a.reply); err != nil {
			_ = closeAll(a.files)
			c.dead.Store(true)
			return
		}
		c.replies <- a
	}
}

func (c *Cell) send(r request, files ...*os.File) error {
	c.sending.Lock()
	defer c.sending.Unlock()
	return send(c.conn, r, files...)
}

// ask sends a request that is answered at once, perhaps with files.
func (c *Cell) ask(r request) ([]*os.File, error) {
	if err := c.send(r); err != nil {
		return nil, err
	}
	timer := time.NewTimer(buildTime)
	defer timer.Stop()
	select {
	case answer, ok := <-c.replies:
		if !ok {
			return nil, errors.New("the cell ended unexpectedly")
		}
		if answer.Err != "" {
			return answer.files, errors.New(answer.Err)
		}
		return answer.files, nil
	case <-timer.C:
		return nil, fmt.Errorf("the cell did not answer within %v", buildTime)
	}
}

// Write puts files into /work, owned by the program's user. Call it before the first Run.
func (c *Cell) Write(files []File) error {
	for _, f := range files {
		c.given[f.Path] = f.Data
	}
	_, err := c.ask(request{Op: "files", Files: files})
	return err
}

// Signal sends a signal to the process group of the running stage, if there is one.
func (c *Cell) Signal(sig syscall.Signal) {
	_ = c.send(request{Op: "signal", Signal: int(sig)})
}

func (c *Cell) kill() {
	c.dead.Store(true)
	c.first.kill()
}

// Kill ends the running stage and everything in the cell; Run then says that it was stopped.
func (c *Cell) Kill() { c.stopped.Store(true); c.kill() }

// Close kills everything in the cell and removes its groups. It waits for both.
func (c *Cell) Close() {
	c.closed.Do(func() {
		defer c.sandbox.fill()
		defer c.sandbox.cells.Done()
		c.kill()
		c.first.wait()
		_ = c.conn.Close()
		for a := range c.replies { // lets the listener go
			_ = closeAll(a.files)
		}
		if c.work != nil {
			_ = c.work.Close()
		}
		if err := c.bounds.remove(); err != nil {
			c.sandbox.config.Logger.Warn("something of a cell is left behind; the next start sweeps it", "err", err)
		}
	})
}

// user is the programs' user, as they see it.
func (c *Cell) user() int {
	switch {
	case c.plan.Folder == nil && !c.plan.Container:
		return programID
	case c.owner < 0:
		return os.Geteuid()
	}
	return c.owner
}

// own makes the program's end of a pipe belong to its user, or it could not open /dev/stdout and the like.
func (c *Cell) own(files ...*os.File) error {
	if c.owner < 0 {
		return nil
	}
	for _, f := range files {
		if err := f.Chown(c.owner, c.owner); err != nil {
			return err
		}
	}
	return nil
}

// Run runs one stage and waits for it, for everything it started to be gone, or for a limit. A stage that a limit or
// ctx ended leaves the cell dead: it can only be closed. The error is about us, never about the program, but for
// *MissingProgram.
func (c *Cell) Run(ctx context.Context, st Stage) (Result, error) {
	if c.dead.Load() {
		return Result{}, errors.New("the cell is dead")
	}
	if err := c.bounds.limit(st.Memory, st.Tasks); err != nil {
		return Result{}, fmt.Errorf("set limits: %w", err)
	}
	streams, input, err := c.streams(st)
	if err != nil {
		return Result{}, err
	}
	if st.Terminal != nil {
		defer input.Close() // or the terminal would never end
	}
	looker, stopTelling := c.looker(st, input)
	defer stopTelling()
	c.bounds.resetPeak()
	before, start := c.bounds.usage(), time.Now()
	err = c.send(request{Op: "stage", Argv: st.Argv, Env: st.Env}, streams...)
	if err != nil {
		return Result{}, fmt.Errorf("send the stage to the cell: %w", err)
	}
	answer, verdict, alive := c.watch(ctx, st, before, looker)
	after := c.bounds.usage()
	r := Result{Code: -1, Signal: syscall.SIGKILL, Verdict: verdict, Wall: time.Since(start),
		CPU: after.cpu - before.cpu, Memory: after.peakByte}
	if alive {
		if answer.Missing {
			return Result{}, &MissingProgram{st.Argv[0]}
		}
		if answer.Err != "" {
			return Result{}, errors.New(answer.Err)
		}
		r.Code, r.Signal, r.Wall = answer.Code, syscall.Signal(answer.Signal), time.Duration(answer.Nanos)
		r.Memory = max(r.Memory, answer.Peak)
	}
	failed := r.Code != 0 || r.Signal != 0
	switch {
	case after.oom > before.oom:
		r.Verdict = Memory
	case verdict == "" && !alive && c.stopped.Load():
		r.Verdict = Stopped
	case verdict == "" && !alive && after.refused > before.refused: // process 1 wanted a thread, and did not get it
		r.Verdict = Tasks
	case verdict == "" && !alive:
		return Result{}, errors.New("the cell ended unexpectedly")
	case verdict == "" && failed && after.refused > before.refused:
		r.Verdict = Tasks
	case verdict == "" && failed && tooLarge(r):
		r.Verdict = Disk
	case verdict == "" && failed:
		r.Verdict = answer.Full
	}
	return r, nil
}

// tooLarge tells whether a program, or one that a shell ran for it, wanted a file larger than its disk.
func tooLarge(r Result) bool {
	return r.Signal == syscall.SIGXFSZ || r.Code == 128+int(syscall.SIGXFSZ)
}

// streams are what the program gets as its standard streams: its own files, or none and terminals that the cell makes. input is what
// it reads.
func (c *Cell) streams(st Stage) (files []*os.File, input *os.File, err error) {
	if st.Terminal == nil {
		files := []*os.File{st.Stdin, st.Stdout, st.Stderr}
		return files, st.Stdin, c.own(files...)
	}
	t, input, err := c.terminal(*st.Terminal)
	if err != nil {
		return nil, nil, fmt.Errorf("make a terminal: %w", err)
	}
	st.OnTerminal(t)
	return nil, input, nil
}

// looker looks whether the program waits for input, if somebody wants to know. The answers are told by a goroutine of their own, until
// stop is called; that says the last word.
func (c *Cell) looker(st Stage, input *os.File) (w *waits, stop func()) {
	if st.OnWaiting == nil {
		return nil, func() {}
	}
	news := make(chan bool, 1) // only the latest word counts
	var outputs []*os.File
	if st.Terminal == nil {
		outputs = []*os.File{st.Stdout, st.Stderr}
	}
	w, err := newWaits(input, outputs, c.programs, func(now bool) {
		select {
		case <-news:
		default:
		}
		news <- now
	})
	if err != nil {
		return nil, func() {}
	}
	w.within = c.waiting
	var telling sync.WaitGroup
	telling.Go(func() {
		told := false
		for now := range news {
			if now != told {
				told = now
				st.OnWaiting(now)
			}
		}
		if told {
			st.OnWaiting(false)
		}
	})
	return w, func() { close(news); telling.Wait() }
}

// lookedAt bounds how many processes are asked for their open files in one look.
const lookedAt = 16

// anyFull tells whether one of the processes has as many files open as it may. The kernel keeps no count of refusals, so
// one that fails and ends between two looks is not seen.
func anyFull(pids []int, most uint64) bool {
	for _, pid := range pids[:min(len(pids), lookedAt)] {
		if openFiles(pid) >= most {
			return true
		}
	}
	return false
}

// openFiles is how many files a process has open. Linux 6.2 and later say so as the size of the folder (proc(5)). Before that it is listed,
// which has the kernel keep an entry for each, and take them all apart, without a pause, when the process ends.
func openFiles(pid int) uint64 {
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	var st unix.Stat_t
	if unix.Stat(dir, &st) == nil && st.Size > 0 {
		return uint64(st.Size)
	}
	return uint64(len(numbers(dir)))
}

// programs are the processes of the cell but its process 1, by the host's numbers.
func (c *Cell) programs() []int {
	return slices.DeleteFunc(c.bounds.processes(), func(pid int) bool { return pid == c.first.pid })
}

// watchEvery is how often CPU time and memory kills are looked at while a stage runs.
const watchEvery = 20 * time.Millisecond

// watch waits for the stage's end or ends it.
func (c *Cell) watch(ctx context.Context, st Stage, before usage, looker *waits) (answer answer, v Verdict, alive bool) {
	atLimit := false
	defer func() {
		if atLimit && answer.Full == "" {
			answer.Full = Files
		}
	}()
	var wall <-chan time.Time
	if st.Wall > 0 {
		timer := time.NewTimer(st.Wall)
		defer timer.Stop()
		wall = timer.C
	}
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case answer, alive = <-c.replies:
			if !alive {
				c.kill()
			}
			return answer, v, alive
		case <-wall:
			v = Wall
		case <-ctx.Done():
			v = Stopped
		case <-tick.C:
			lookAs(c.owner, func() {
				if looker != nil {
					looker.tick()
				}
				atLimit = atLimit || anyFull(c.programs(), c.files)
			})
			now := c.bounds.usage()
			if st.CPU > 0 && now.cpu-before.cpu > st.CPU {
				v = CPU
			}
			if now.oom > before.oom {
				v = Memory
			}
			if now.over != "" {
				v = now.over
			}
		}
		if v != "" {
			c.kill()
			c.first.wait() // once process 1 is reaped, nothing in the cell runs any more
			return answer, v, false
		}
	}
}
