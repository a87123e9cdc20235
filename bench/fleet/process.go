package fleet

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// process is one program that may be killed and started again with the same arguments.
type process struct {
	name    string
	command []string
	env     []string
	dir     string
	log     *os.File
	as      *syscall.Credential // nil: as we are
	cpus    []int
	group   *group // nil: as much CPU as there is

	mu   sync.Mutex
	cmd  *exec.Cmd
	gone chan struct{}
	ends int // how often it has ended
}

// launch starts it. Its group is its own, and it ends when we do.
func (p *process) launch() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running() {
		return fmt.Errorf("%s runs already", p.name)
	}
	cmd := exec.Command(p.command[0], p.command[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, p.log, p.log
	cmd.Env = append(os.Environ(), p.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, Credential: p.as}
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := p.confine(cmd.Process.Pid); err != nil {
		return errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	gone := make(chan struct{})
	p.cmd, p.gone = cmd, gone
	go func() {
		_ = cmd.Wait()
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what it has left in its group
		p.mu.Lock()
		p.ends++
		p.mu.Unlock()
		close(gone)
	}()
	return nil
}

func (p *process) confine(pid int) error {
	if len(p.cpus) > 0 {
		if err := pin(pid, p.cpus); err != nil {
			return err
		}
	}
	if p.group != nil {
		return p.group.add(pid)
	}
	return nil
}

// running is asked with the lock held.
func (p *process) running() bool {
	if p.cmd == nil {
		return false
	}
	select {
	case <-p.gone:
		return false
	default:
		return true
	}
}

// Running reports whether it lives.
func (p *process) Running() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.running()
}

// Pid is the number of its latest life; 0 before the first.
func (p *process) Pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

// Signal sends a signal, if it lives.
func (p *process) Signal(s syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running() {
		_ = p.cmd.Process.Signal(s)
	}
}

// end sends a signal and waits until it has ended; it is killed when that takes too long, and then killed is true.
func (p *process) end(s syscall.Signal, within time.Duration) (killed bool) {
	p.mu.Lock()
	alive, gone := p.running(), p.gone
	p.mu.Unlock()
	if !alive {
		return false
	}
	p.Signal(s)
	p.Signal(syscall.SIGCONT)
	select {
	case <-gone:
	case <-time.After(within):
		p.Signal(syscall.SIGKILL)
		<-gone
		return true
	}
	return false
}

// LogTail is the end of what it has printed.
func (p *process) LogTail(bytes int64) string {
	f, err := os.Open(p.log.Name())
	if err != nil {
		return err.Error()
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.Size() > bytes {
		_, _ = f.Seek(-bytes, io.SeekEnd)
	}
	tail, _ := io.ReadAll(f)
	return string(tail)
}

// freeAddress is an address on the loopback interface that nobody listened on a moment ago.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// accountOf is another account of this machine, when we are root.
func accountOf(name string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}
