package fleet

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// Node is one "codecollab serve".
type Node struct {
	process
	Number   int
	Addr     string // host:port
	Data     string // its folder
	Database *Link  // between it and PostgreSQL; nil with SQLite
	Bus      *Link  // between it and Redis; nil without

	metricsAddr string
	up          atomic.Bool
	http        *http.Client
}

// URL is its own address, past the front.
func (n *Node) URL() string { return "http://" + n.Addr }

// Up reports whether it was ready when it was last asked.
func (n *Node) Up() bool { return n.up.Load() }

func (f *Fleet) newNode(i int) (*Node, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("node-%d", i+1)
	n := &Node{Number: i, Addr: addr, Data: filepath.Join(f.dir, name), http: &http.Client{
		Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true},
	}}
	n.name = name
	if f.Disk != nil && f.Postgres == nil {
		n.Data = filepath.Join(f.Disk.Dir, name)
	}
	if err := os.MkdirAll(n.Data, 0o700); err != nil {
		return nil, err
	}
	if err := f.shareSecret(n.Data); err != nil {
		return nil, err
	}
	if n.log, err = os.Create(filepath.Join(f.dir, name+".log")); err != nil {
		return nil, err
	}
	if n.metricsAddr, err = freeAddress(); err != nil {
		return nil, err
	}
	n.command = []string{f.opt.Self, "serve", "--addr", addr, "--data", n.Data, "--node", name, "--metrics-addr", n.metricsAddr, "--voice", "off"}
	if f.Postgres != nil {
		if n.Database, err = NewLink(func() []string { return []string{f.Postgres.Addr} }, false); err != nil {
			return nil, err
		}
		n.env = append(n.env, "CODECOLLAB_DATABASE_URL="+f.Postgres.URL(n.Database.Addr()))
	}
	if f.Redis != nil {
		if n.Bus, err = NewLink(func() []string { return []string{f.Redis.Addr} }, false); err != nil {
			return nil, err
		}
		n.env = append(n.env, "CODECOLLAB_REDIS_URL=redis://"+n.Bus.Addr()+"/0")
	}
	if f.Runner != nil {
		n.command = append(n.command, "--runner-url", f.Runner.URL())
		n.env = append(n.env, "CODECOLLAB_RUNNER_TOKEN="+f.Runner.token)
	} else {
		n.command = append(n.command, "--runner-url", "http://127.0.0.1:9") // nobody: starting runners would cost more than nodes do
	}
	n.command = append(n.command, f.opt.Args...)
	if i < len(f.opt.CPUs) {
		n.cpus = f.opt.CPUs[i]
	}
	if f.opt.Share > 0 {
		if n.group, err = newGroup(name, f.opt.Share); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// shareSecret gives all nodes the same key, as an operator has to.
func (f *Fleet) shareSecret(data string) error {
	for _, name := range []string{"secret.key", "saml.pem"} {
		if len(f.Nodes) == 0 {
			return nil // the first makes them
		}
		content, err := os.ReadFile(filepath.Join(f.Nodes[0].Data, name))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(data, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Start starts it and waits until it is ready.
func (n *Node) Start(ctx context.Context) error {
	if err := n.launch(); err != nil {
		return err
	}
	return n.WaitReady(ctx)
}

// WaitReady waits until it is ready.
func (n *Node) WaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for !n.ask(ctx) {
		if !n.Running() {
			return fmt.Errorf("%s has ended before it was ready:\n%s", n.name, n.LogTail(4096))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w\n%s", n.name, ctx.Err(), n.LogTail(4096))
		case <-time.After(20 * time.Millisecond):
		}
	}
	n.up.Store(true)
	return nil
}

// ask reports whether it says that it is ready.
func (n *Node) ask(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.URL()+"/readyz", nil)
	if err != nil {
		return false
	}
	res, err := n.http.Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// watch asks again and again, as a load balancer does.
func (n *Node) watch(ctx context.Context) {
	for ctx.Err() == nil {
		n.up.Store(n.ask(ctx))
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Kill ends it as a crash does.
func (n *Node) Kill() {
	n.end(syscall.SIGKILL, patience)
	n.up.Store(false)
}

// Terminate ends it as an operator does. The error says that it had to be killed.
func (n *Node) Terminate() error {
	killed := n.end(syscall.SIGTERM, 40*time.Second)
	n.up.Store(false)
	if killed {
		return fmt.Errorf("%s did not end within 40 s of SIGTERM", n.name)
	}
	return nil
}

// Name is what the node is called.
func (n *Node) Name() string { return n.name }

// Trouble are the lines of its log that must not be there, whatever was broken around it.
func (n *Node) Trouble() (lines []string) {
	for line := range strings.SplitSeq(n.LogTail(64<<20), "\n") {
		if strings.Contains(line, "panic:") || strings.Contains(line, "fatal error:") || strings.Contains(line, "DATA RACE") {
			lines = append(lines, n.name+": "+line)
		}
	}
	return lines
}

func (n *Node) discard() {
	n.end(syscall.SIGTERM, 20*time.Second)
	for _, l := range []*Link{n.Database, n.Bus} {
		if l != nil {
			l.Close()
		}
	}
	if n.group != nil {
		_ = n.group.remove()
	}
	_ = n.log.Close()
}
