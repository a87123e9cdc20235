package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
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
	sandbox *Sandbox
	cmd     *exec.Cmd
	conn    *net.UnixConn
	group   *group
	replies chan reply // closed when process 1 is gone
	sending sync.Mutex
	dead    atomic.Bool
	stopped atomic.Bool // by Kill
	closed  sync.Once
}

// startCell makes a cell of the given shape and waits until it is ready.
func (s *Sandbox) startCell(spec Spec) (*Cell, error) {
	b, trees, err := plan(spec)
	if err != nil {
		return nil, err
	}
	defer closeAll(trees)
	g, err := s.cgroups.newGroup(fmt.Sprintf("cell-%d", s.serial.Add(1)))
	if err != nil {
		return nil, fmt.Errorf("make a control group: %w", err)
	}
	c := &Cell{sandbox: s, group: g, replies: make(chan reply, 1)}
	if err := c.start(trees, s.config.Memory); err != nil {
		return nil, errors.Join(err, g.remove())
	}
	c.sandbox.cells.Add(1)
	if err := c.ask(request{Op: "build", Build: b}); err != nil {
		c.Close()
		return nil, fmt.Errorf("build the cell: %w", err)
	}
	return c, nil
}

// start starts process 1 inside its groups; it does nothing until it is asked.
func (c *Cell) start(trees []*os.File, memory int64) error {
	conn, theirs, err := socketPair()
	if err != nil {
		return err
	}
	defer theirs.Close()
	c.conn = conn
	c.cmd = &exec.Cmd{
		Path:       "/proc/self/exe", // not a path: the cell's user may be unable to reach the binary by one
		Args:       []string{cellName},
		Env:        []string{"GOMAXPROCS=2", "GOTRACEBACK=none"},
		ExtraFiles: append([]*os.File{theirs}, trees...),
		SysProcAttr: &syscall.SysProcAttr{
			Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET |
				unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP,
			UidMappings:                idMap(),
			GidMappings:                idMap(),
			GidMappingsEnableSetgroups: true,
			Credential:                 &syscall.Credential{},
			Setsid:                     true,
		},
	}
	if err := c.group.limit(memory, 64); err != nil {
		conn.Close()
		return fmt.Errorf("set limits: %w", err)
	}
	if dir := c.group.single(); dir != nil {
		defer dir.Close()
		c.cmd.SysProcAttr.UseCgroupFD, c.cmd.SysProcAttr.CgroupFD = true, int(dir.Fd())
	}
	if err := c.cmd.Start(); err != nil {
		conn.Close()
		return fmt.Errorf("start a process in new namespaces: %w", err)
	}
	if !c.cmd.SysProcAttr.UseCgroupFD {
		err = c.group.add(c.cmd.Process.Pid)
	}
	if err = errors.Join(err, c.group.holds(c.cmd.Process.Pid)); err != nil {
		c.kill()
		_ = c.cmd.Wait()
		conn.Close()
		return err
	}
	go c.listen()
	return nil
}

func idMap() []syscall.SysProcIDMap {
	return []syscall.SysProcIDMap{
		{ContainerID: 0, HostID: firstHostID, Size: 1},
		{ContainerID: programID, HostID: firstHostID + programID, Size: 1},
	}
}

func (c *Cell) listen() {
	defer close(c.replies)
	for {
		var r reply
		if _, err := receive(c.conn, &r); err != nil {
			c.dead.Store(true)
			return
		}
		c.replies <- r
	}
}

func (c *Cell) send(r request, files ...*os.File) error {
	c.sending.Lock()
	defer c.sending.Unlock()
	return send(c.conn, r, files...)
}

// ask sends a request that is answered at once.
func (c *Cell) ask(r request) error {
	if err := c.send(r); err != nil {
		return err
	}
	timer := time.NewTimer(buildTime)
	defer timer.Stop()
	select {
	case answer, ok := <-c.replies:
		if !ok {
			return errors.New("the cell ended unexpectedly")
		}
		if answer.Err != "" {
			return errors.New(answer.Err)
		}
		return nil
	case <-timer.C:
		return fmt.Errorf("the cell did not answer within %v", buildTime)
	}
}

// Write puts files into /work, owned by the program's user. Call it before the first Run.
func (c *Cell) Write(files []File) error { return c.ask(request{Op: "files", Files: files}) }

// Signal sends a signal to the process group of the running stage, if there is one.
func (c *Cell) Signal(sig syscall.Signal) {
	_ = c.send(request{Op: "signal", Signal: int(sig)})
}

func (c *Cell) kill() {
	c.dead.Store(true)
	_ = c.cmd.Process.Kill()
}

// Kill ends the running stage and everything in the cell; Run then says that it was stopped.
func (c *Cell) Kill() { c.stopped.Store(true); c.kill() }

// Close kills everything in the cell and removes its groups. It waits for both.
func (c *Cell) Close() {
	c.closed.Do(func() {
		defer c.sandbox.cells.Done()
		c.kill()
		_ = c.cmd.Wait()
		_ = c.conn.Close()
		for range c.replies { // lets the listener go
		}
		if err := c.group.remove(); err != nil {
			c.sandbox.config.Logger.Warn("a control group is left behind; the next start sweeps it", "err", err)
		}
	})
}

// Own makes the program's end of a pipe belong to its user, or it could not open /dev/stdout and the like.
func Own(files ...*os.File) error {
	for _, f := range files {
		if err := f.Chown(firstHostID+programID, firstHostID+programID); err != nil {
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
	if err := c.group.limit(st.Memory, st.Tasks); err != nil {
		return Result{}, fmt.Errorf("set limits: %w", err)
	}
	if err := Own(st.Stdin, st.Stdout, st.Stderr); err != nil {
		return Result{}, err
	}
	c.group.resetPeak()
	before, start := c.group.usage(), time.Now()
	err := c.send(request{Op: "stage", Argv: st.Argv, Env: st.Env}, st.Stdin, st.Stdout, st.Stderr)
	if err != nil {
		return Result{}, fmt.Errorf("send the stage to the cell: %w", err)
	}
	answer, verdict, alive := c.watch(ctx, st, before)
	after := c.group.usage()
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
	}
	failed := r.Code != 0 || r.Signal != 0
	switch {
	case after.oom > before.oom:
		r.Verdict = Memory
	case verdict == "" && !alive && c.stopped.Load():
		r.Verdict = Stopped
	case verdict == "" && !alive:
		return Result{}, errors.New("the cell ended unexpectedly")
	case verdict == "" && failed && after.refused > before.refused:
		r.Verdict = Tasks
	case verdict == "" && failed && answer.DiskFull:
		r.Verdict = Disk
	}
	return r, nil
}

// watchEvery is how often CPU time and memory kills are looked at while a stage runs.
const watchEvery = 20 * time.Millisecond

// watch waits for the stage's end or ends it.
func (c *Cell) watch(ctx context.Context, st Stage, before usage) (answer reply, v Verdict, alive bool) {
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
			now := c.group.usage()
			if st.CPU > 0 && now.cpu-before.cpu > st.CPU {
				v = CPU
			}
			if now.oom > before.oom {
				v = Memory
			}
		}
		if v != "" {
			c.kill()
			_ = c.cmd.Wait() // once process 1 is reaped, nothing in the cell runs any more
			return answer, v, false
		}
	}
}
