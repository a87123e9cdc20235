package sandbox

import (
	"fmt"
	"math"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// cellName is argv[0] of a process that is to be process 1 of a cell.
const cellName = "codecollab-cell"

const (
	socketFD = 3 // the supervisor
	treesFD  = 4 // the first detached mount
)

// programID is the user and group of programs inside the cell; 0 is process 1.
const programID = 1000

func isCell() bool {
	return len(os.Args) == 1 && (os.Args[0] == cellName && os.Getpid() == 1 || os.Args[0] == wardenName)
}

// A program that has this package is a cell of it too: started as one, it goes no further than here. Being here rather than in main saves a cell
// the beginnings of all packages that come later, half of the processor time that it takes (Go begins packages in the order of their paths,
// each as soon as what it imports has begun: this one before whatever needs more of the standard library than it does).
func init() {
	if isCell() || isKeeper() {
		// The main goroutine keeps thread 1 for itself. Otherwise a stage's thread, which has given up its user, could be
		// thread 1, and the kernel judges by that thread's user who may signal process 1.
		runtime.LockOSThread()
	}
	switch {
	case len(os.Args) == 1 && os.Args[0] == nurseryName:
		nurse()
	case isKeeper():
		keep()
	case isCell():
		live()
	}
}

// live is the whole life of a cell's process 1.
func live() {
	unix.Umask(0o022)
	// What the runner was handed by whoever started it is none of a program's business.
	if err := unix.CloseRange(socketFD, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		os.Exit(2)
	}
	// A handler that does nothing: for the moment in which a thread of process 1 has a program's user, programs may signal it.
	signal.Notify(make(chan os.Signal, 1))
	conn, err := connOf(socketFD)
	if err != nil {
		os.Exit(2)
	}
	f := filter()
	c := cell{conn: conn, giveUp: func() error { return giveUp(f, programID, true) }, place: "/work", multiplexer: "/dev/pts/ptmx", owner: programID,
		spare: make(chan *thread, 1), sweep: func() { _ = syscall.Kill(-1, syscall.SIGKILL) }, // all but process 1 itself
		rename: func(word string) string { return word }, full: full}
	if !firstInSpace() {
		c.sweep = func() {} // until the folder is known
	}
	c.serve() // returns when the supervisor is gone; everything in the cell dies with process 1
	c.sweep()
	os.Exit(0)
}

// firstInSpace tells whether this is process 1 of a process namespace, where "all" means the cell's.
func firstInSpace() bool { return os.Getpid() == 1 && os.Args[0] == cellName }

// cell is process 1, or what stands for it.
type cell struct {
	conn        *net.UnixConn
	giveUp      func() error        // confines the calling thread for good
	spare       chan *thread        // one that is ready, or will be
	place       string              // of the program's files
	multiplexer string              // of terminals
	owner       int                 // of what programs are given; negative: our own user
	sweep       func()              // kills all that programs have left
	rename      func(string) string // makes a word of a command fit this cell
	full        func() Verdict      // tells what there is no more of
	slaves      []*os.File          // of the coming or running stage, if it has terminals
	oom         *os.File            // its own oom_score_adj: later on it may not open it, having become undumpable
	group       chan int            // process group of the running program, for signals
}

func (c *cell) serve() {
	c.group = make(chan int, 1)
	c.group <- 0
	for {
		var req request
		files, err := receive(c.conn, &req)
		if err != nil {
			return
		}
		switch req.Op {
		case "build":
			c.built(c.build(req.Build))
		case "files":
			c.answer(c.writeFiles(req.Files))
		case "terminal":
			if err := c.terminals(req.Size); err != nil {
				c.answer(err)
			}
		case "stage":
			go c.stage(req, files) // signals must get through while it runs
		case "signal":
			c.signal(req.Signal)
		}
	}
}

// signal reaches the process group of the running program, if there is one.
func (c *cell) signal(number int) {
	pgid := <-c.group
	if pgid > 0 {
		_ = syscall.Kill(-pgid, syscall.Signal(number))
	}
	c.group <- pgid
}

func (c *cell) answer(err error) {
	var r reply
	if err != nil {
		r.Err = err.Error()
	}
	_ = send(c.conn, r)
}

// built answers with a descriptor of /work, from which the supervisor collects files.
func (c *cell) built(err error) {
	if err != nil {
		c.answer(err)
		return
	}
	dir, err := os.Open(c.place)
	if err != nil {
		c.answer(err)
		return
	}
	defer dir.Close()
	_ = send(c.conn, reply{}, dir)
	c.spare <- newThread(c.giveUp)
}

func (c *cell) build(b *blueprint) error {
	if b.Folder != nil {
		if err := c.furnish(b.Folder); err != nil {
			return err
		}
	} else if err := buildRoot(b); err != nil {
		return err
	}
	if err := c.limit(b); err != nil {
		return err
	}
	if b.Plain {
		return c.shareUser()
	}
	return nil
}

// limit sets what bounds programs, and process 1 with them, beside control groups.
func (c *cell) limit(b *blueprint) error {
	oom, err := os.OpenFile("/proc/self/oom_score_adj", os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	c.oom = oom
	// Programs inherit these; process 1 lives with them too.
	for what, limit := range map[int]uint64{
		unix.RLIMIT_CORE: 0, unix.RLIMIT_MEMLOCK: 64 << 10, unix.RLIMIT_MSGQUEUE: 256 << 10,
		unix.RLIMIT_NICE: 0, unix.RLIMIT_RTPRIO: 0, unix.RLIMIT_SIGPENDING: 1024, unix.RLIMIT_FSIZE: uint64(b.Disk),
	} {
		if err := unix.Setrlimit(what, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
			return fmt.Errorf("set resource limit %d: %w", what, err)
		}
	}
	// By syscall, not unix: only so Go does not put the old limit back in children.
	return syscall.Setrlimit(unix.RLIMIT_NOFILE, &syscall.Rlimit{Cur: b.Files, Max: b.Files})
}

// shareUser prepares for programs that have the user of process 1: they may signal it, but not look into it, nor forge what a signal tells.
func (c *cell) shareUser() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("close process 1 to programs: %w", err)
	}
	calls := filter(sharedUserCalls()...)
	c.giveUp = func() error { return giveUp(calls, programID, false) }
	return nil
}

// writeFiles fills /work before any program has run, so that nobody can have put links there.
func (c *cell) writeFiles(files []File) error {
	root, err := os.OpenRoot(c.place)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, f := range files {
		if dir := filepath.Dir(f.Path); dir != "." {
			if err := c.makeDirs(root, dir); err != nil {
				return err
			}
		}
		if err := root.WriteFile(f.Path, f.Data, 0o644); err != nil {
			return err
		}
		if err := c.give(root, f.Path); err != nil {
			return err
		}
	}
	return nil
}

// give makes a file the program's.
func (c *cell) give(root *os.Root, path string) error {
	if c.owner < 0 {
		return nil
	}
	return root.Lchown(path, c.owner, c.owner)
}

func (c *cell) makeDirs(root *os.Root, dir string) error {
	path := ""
	for part := range strings.SplitSeq(dir, "/") {
		path = filepath.Join(path, part)
		if err := root.Mkdir(path, 0o755); err != nil && !os.IsExist(err) {
			return err
		}
		if err := c.give(root, path); err != nil {
			return err
		}
	}
	return nil
}

func (c *cell) stage(req request, files []*os.File) {
	if len(c.slaves) == 2 {
		files = append(files, c.slaves[0], c.slaves[0], c.slaves[1])
		defer c.dropTerminals()
	}
	r := c.runStage(req, files)
	_ = send(c.conn, r)
}

func (c *cell) runStage(req request, files []*os.File) reply {
	defer func() { _ = closeAll(files) }()
	if len(files) != 3 {
		return reply{Err: fmt.Sprintf("a stage has 3 streams, not %d", len(files))}
	}
	for _, words := range [][]string{req.Argv, req.Env} {
		for i := range words {
			words[i] = c.rename(words[i])
		}
	}
	path, ok := lookup(c.place, req.Argv, req.Env)
	if !ok {
		return reply{Missing: true, Err: "no such program"}
	}
	t := <-c.spare
	defer func() { c.spare <- newThread(c.giveUp) }() // for the next stage, when nobody is left who could signal it
	start := time.Now()
	pid, err := c.fork(t, path, req, files)
	t.end()
	if err != nil {
		return reply{Err: "start the program: " + err.Error()}
	}
	for _, f := range files[1:] {
		if len(c.slaves) == 0 {
			f.Close() // so that the supervisor sees the end of output when the program and all it left are gone
		}
	}
	<-c.group
	c.group <- pid
	r := reap(pid, start, c.sweep)
	<-c.group
	c.group <- 0
	r.Full = c.full()
	return r
}

// fork starts the program from a thread that has given up everything.
func (c *cell) fork(t *thread, path string, req request, files []*os.File) (pid int, err error) {
	if <-t.ready; t.err != nil {
		return 0, t.err
	}
	// The kernel should choose the program, not process 1, when memory runs out. Children inherit the value.
	c.oomScore(1000)
	defer c.oomScore(0)
	fds := make([]uintptr, len(files))
	for i, f := range files {
		fds[i] = f.Fd()
	}
	sys := &syscall.SysProcAttr{Setsid: true, Setctty: len(c.slaves) > 0} // the terminal is the child's descriptor 0
	t.do(func() {
		pid, err = syscall.ForkExec(path, req.Argv, &syscall.ProcAttr{Dir: c.place, Env: req.Env, Files: fds, Sys: sys})
	})
	return pid, err
}

func (c *cell) oomScore(n int) { _, _ = c.oom.WriteAt([]byte(strconv.Itoa(n)), 0) }

// reap waits for the program, kills what it left behind and waits until nothing but process 1 is left.
func reap(pid int, start time.Time, sweep func()) reply {
	var r reply
	for ended := false; ; {
		var ws syscall.WaitStatus
		var used syscall.Rusage
		got, err := syscall.Wait4(-1, &ws, 0, &used)
		if err == syscall.EINTR {
			continue
		}
		if err != nil { // ECHILD: all gone
			return r
		}
		r.Peak = max(r.Peak, used.Maxrss<<10)
		if got == pid {
			ended = true
			r.Nanos = time.Since(start).Nanoseconds()
			r.Code = ws.ExitStatus()
			if ws.Signaled() {
				r.Signal = int(ws.Signal())
			}
		}
		if ended {
			sweep()
		}
	}
}

// full tells whether a place that programs write to has room for nothing more, to explain a failure.
func full() Verdict {
	for _, dir := range []string{"/work", "/tmp", "/dev/shm"} {
		var s unix.Statfs_t
		switch err := unix.Statfs(dir, &s); {
		case err != nil:
		case s.Ffree == 0:
			return Inodes
		case s.Bavail*uint64(s.Bsize) < 64<<10:
			return Disk
		}
	}
	return ""
}

// lookup finds the program in the cell's own root.
func lookup(place string, argv, env []string) (string, bool) {
	if len(argv) == 0 {
		return "", false
	}
	if strings.Contains(argv[0], "/") {
		path := argv[0]
		if !filepath.IsAbs(path) {
			path = filepath.Join(place, path)
		}
		return path, executable(path)
	}
	for _, e := range env {
		list, ok := strings.CutPrefix(e, "PATH=")
		if !ok {
			continue
		}
		for dir := range strings.SplitSeq(list, ":") {
			if path := filepath.Join(dir, argv[0]); executable(path) {
				return path, true
			}
		}
	}
	return "", false
}

func executable(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular() && st.Mode()&0o111 != 0
}
