package syncbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// process is the server that a measurement starts for itself. Its address and its folder stay the same when it is
// killed and started again.
type process struct {
	url     string
	dir     string // holds data/ and server.log
	command []string
	log     *os.File

	mu    sync.Mutex
	cmd   *exec.Cmd
	spent time.Duration // CPU of the processes that have ended
	kills int
}

// startupTime is how long a server may take until it says that it is ready.
const startupTime = time.Minute

// startProcess starts a server, given the command line up to "serve", and waits until it is ready.
func startProcess(ctx context.Context, serve []string) (*process, error) {
	if len(serve) == 0 {
		return nil, errors.New("there is no command to start a server with: use --url")
	}
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "codecollab-bench-")
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "server.log"))
	if err != nil {
		return nil, err
	}
	p := &process{url: "http://" + addr, dir: dir, log: log}
	p.command = append(append(p.command, serve...), "--addr", addr, "--data", filepath.Join(dir, "data"))
	if err := p.start(ctx); err != nil {
		return nil, errors.Join(err, p.stop(false))
	}
	return p, nil
}

// freeAddress returns an address on the loopback interface that nobody listened on a moment ago.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

// start runs the server in a process group of its own, so that its children can be ended with it.
func (p *process) start(ctx context.Context) error {
	cmd := exec.Command(p.command[0], p.command[1:]...)
	cmd.Stdout, cmd.Stderr = p.log, p.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	p.mu.Lock()
	p.cmd = cmd
	p.mu.Unlock()
	return p.ready(ctx)
}

func (p *process) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startupTime)
	defer cancel()
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	for {
		if get(ctx, p.url+"/readyz") == nil {
			return nil
		}
		if p.usage().gone {
			return fmt.Errorf("the server has ended before it was ready:\n%s", p.logTail())
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server is not ready: %w\n%s", ctx.Err(), p.logTail())
		case <-every.C:
		}
	}
}

func get(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return errors.New(res.Status)
	}
	return nil
}

// kill ends the server and its children with SIGKILL, as a crash of the machine would end it.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end(syscall.SIGKILL)
	p.kills++
}

// end sends a signal to the server and waits for its end; then its children get SIGKILL, whatever group they are in.
func (p *process) end(signal syscall.Signal) {
	if p.cmd == nil {
		return
	}
	pid := p.cmd.Process.Pid
	p.spent += usageOf(pid).cpu
	children := descendants(pid)
	_ = syscall.Kill(pid, signal)
	if signal != syscall.SIGKILL {
		impatience := time.AfterFunc(20*time.Second, func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
		defer impatience.Stop()
	}
	_ = p.cmd.Wait() // how it ended says nothing: we ended it
	_ = syscall.Kill(-pid, syscall.SIGKILL)
	for _, c := range children {
		c.kill()
	}
	p.cmd = nil
}

// restart kills the server and starts it again, with the same address and folder.
func (p *process) restart(ctx context.Context) error {
	p.kill()
	return p.start(ctx)
}

// stop ends the server for good and removes its folder, unless keep is set.
func (p *process) stop(keep bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end(syscall.SIGTERM)
	err := p.log.Close()
	if keep {
		return err
	}
	return errors.Join(err, os.RemoveAll(p.dir))
}

// usage returns what the server has used: the CPU time of all its lives, and the memory of the present one.
func (p *process) usage() usage {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return usage{cpu: p.spent}
	}
	u := usageOf(p.cmd.Process.Pid)
	u.cpu += p.spent
	return u
}

// logTail returns the last 4 KiB of what the server has printed.
func (p *process) logTail() string {
	f, err := os.Open(p.log.Name())
	if err != nil {
		return err.Error()
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.Size() > 4096 {
		_, _ = f.Seek(-4096, io.SeekEnd)
	}
	tail, _ := io.ReadAll(f)
	return string(tail)
}
