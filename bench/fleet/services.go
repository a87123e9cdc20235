package fleet

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Postgres is a PostgreSQL server of its own.
type Postgres struct {
	process
	Addr string

	bin    string // the folder of its programs
	folder string // "" on a Disk, which goes by itself
}

// startPostgres makes a database server in a new folder, or on disk.
func startPostgres(ctx context.Context, disk *Disk) (_ *Postgres, err error) {
	p := &Postgres{}
	p.name = "postgres"
	if p.bin, err = postgresBin(); err != nil {
		return nil, err
	}
	if p.as, err = accountOf("postgres"); err != nil {
		return nil, err
	}
	if p.Addr, err = freeAddress(); err != nil {
		return nil, err
	}
	// A folder of its own: that account has to get there, and may not enter ours.
	dir := ""
	if disk != nil {
		dir = filepath.Join(disk.Dir, "postgres")
		if err := errors.Join(os.Chmod(filepath.Dir(disk.Dir), 0o711), os.Chmod(disk.Dir, 0o711), os.Mkdir(dir, 0o700)); err != nil {
			return nil, err
		}
	} else if dir, err = os.MkdirTemp("", "codecollab-postgres-"); err != nil {
		return nil, err
	}
	if disk == nil {
		p.folder = dir
	}
	if p.as != nil {
		if err := os.Chown(dir, int(p.as.Uid), int(p.as.Gid)); err != nil {
			return nil, err
		}
	}
	if p.log, err = os.CreateTemp("", "codecollab-postgres-*.log"); err != nil {
		return nil, err
	}
	p.dir = dir
	data := filepath.Join(dir, "data")
	if out, err := p.tool("initdb", "-D", data, "-U", "codecollab", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w\n%s", err, out), p.Close())
	}
	_, port, _ := net.SplitHostPort(p.Addr)
	p.command = []string{
		filepath.Join(p.bin, "postgres"), "-D", data, "-p", port, "-k", dir, "-c", "listen_addresses=127.0.0.1",
		"-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "min_wal_size=32MB", "-c", "max_wal_size=64MB",
	}
	if err := p.Start(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	if out, err := p.tool("createdb", "-h", "127.0.0.1", "-p", port, "-U", "codecollab", "codecollab"); err != nil {
		return nil, errors.Join(fmt.Errorf("createdb: %w\n%s", err, out), p.Close())
	}
	return p, nil
}

// postgresBin is where the newest of Debian's versions is, or what PATH has.
func postgresBin() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		slices.Sort(found)
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", fmt.Errorf("it is not installed (apt install postgresql): %w", err)
	}
	return filepath.Dir(path), nil
}

// tool runs one of its programs to the end.
func (p *Postgres) tool(name string, args ...string) (string, error) {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Dir = p.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.as, Pdeathsig: syscall.SIGKILL}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// URL is the database by way of an address.
func (p *Postgres) URL(addr string) string {
	return "postgres://codecollab@" + addr + "/codecollab?sslmode=disable"
}

// Folder is where everything of it is.
func (p *Postgres) Folder() string { return p.dir }

// Start starts it and waits until it takes connections. It may have ended by itself: a full disk does that.
func (p *Postgres) Start(ctx context.Context) error {
	if err := p.launch(); err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(p.Addr)
	return await(ctx, func() (bool, error) {
		if !p.Running() {
			return false, fmt.Errorf("PostgreSQL has ended:\n%s", p.LogTail(2048))
		}
		_, err := p.tool("pg_isready", "-q", "-h", "127.0.0.1", "-p", port)
		return err == nil, nil
	})
}

// Restart ends it, as "fast" and "immediate" of its own tool do, and starts it again after a while.
func (p *Postgres) Restart(ctx context.Context, immediate bool, away time.Duration) error {
	s := syscall.SIGINT
	if immediate {
		s = syscall.SIGQUIT
	}
	p.end(s, patience)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(away):
	}
	return p.Start(ctx)
}

// Slow makes each commit wait before it is written, as a slow disk does; 0: it is as fast as it is.
func (p *Postgres) Slow(wait time.Duration) error {
	conf := filepath.Join(p.dir, "data", "postgresql.auto.conf")
	lines := fmt.Sprintf("commit_delay = %d\ncommit_siblings = 0\n", wait.Microseconds())
	if err := os.WriteFile(conf, []byte(lines), 0o600); err != nil {
		return err
	}
	p.Signal(syscall.SIGHUP)
	return nil
}

// Close ends it for good.
func (p *Postgres) Close() error {
	p.end(syscall.SIGQUIT, patience)
	errs := []error{p.log.Close(), os.Remove(p.log.Name())}
	if p.folder != "" {
		errs = append(errs, os.RemoveAll(p.folder))
	}
	return errors.Join(errs...)
}

// Redis is a Redis server of its own.
type Redis struct {
	process
	Addr string
}

func startRedis(ctx context.Context, dir string) (_ *Redis, err error) {
	r := &Redis{}
	r.name = "redis"
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, fmt.Errorf("it is not installed (apt install redis-server): %w", err)
	}
	if r.Addr, err = freeAddress(); err != nil {
		return nil, err
	}
	if r.log, err = os.Create(filepath.Join(dir, "redis.log")); err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(r.Addr)
	r.dir = dir
	r.command = []string{path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", dir}
	return r, r.Start(ctx)
}

// Start starts it and waits until it answers.
func (r *Redis) Start(ctx context.Context) error {
	if err := r.launch(); err != nil {
		return err
	}
	return await(ctx, func() (bool, error) {
		if !r.Running() {
			return false, fmt.Errorf("redis has ended:\n%s", r.LogTail(2048))
		}
		return r.ask("PING") == nil, nil
	})
}

// Restart ends it and starts it again after a while; what it had in memory is gone.
func (r *Redis) Restart(ctx context.Context, away time.Duration) error {
	r.end(syscall.SIGTERM, patience)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(away):
	}
	return r.Start(ctx)
}

// Flush makes it forget everything.
func (r *Redis) Flush() error { return r.ask("FLUSHALL") }

// ask sends one command and expects that it is not refused.
func (r *Redis) ask(command string) error {
	conn, err := net.DialTimeout("tcp", r.Addr, time.Second)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.WriteString(conn, command+"\r\n"); err != nil {
		return err
	}
	var answer [128]byte
	n, err := conn.Read(answer[:])
	if err == nil && !bytes.HasPrefix(answer[:n], []byte("+")) {
		err = fmt.Errorf("redis refuses %s: %s", command, answer[:n])
	}
	return err
}

// Close ends it for good.
func (r *Redis) Close() error {
	r.end(syscall.SIGTERM, patience)
	return r.log.Close()
}

// Runner is a "codecollab runner" for all nodes.
type Runner struct {
	process
	addr  string
	token string
}

func startRunner(ctx context.Context, self, dir string) (_ *Runner, err error) {
	r := &Runner{token: rand.Text()}
	r.name = "runner"
	if r.addr, err = freeAddress(); err != nil {
		return nil, err
	}
	if r.log, err = os.Create(filepath.Join(dir, "runner.log")); err != nil {
		return nil, err
	}
	r.command = []string{self, "runner", "--addr", r.addr, "--runner-data", filepath.Join(dir, "runner"), "--runner-allow-weaker"}
	r.env = []string{"CODECOLLAB_RUNNER_TOKEN=" + r.token}
	if err := r.Start(ctx); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// URL is its address.
func (r *Runner) URL() string { return "http://" + r.addr }

// Start starts it and waits until it has a language to run programs in.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.launch(); err != nil {
		return err
	}
	return await(ctx, func() (bool, error) {
		if !r.Running() {
			return false, fmt.Errorf("the runner has ended:\n%s", r.LogTail(2048))
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL()+"/api/v2/runtimes", nil)
		if err != nil {
			return false, err
		}
		req.Header.Set("Authorization", "Bearer "+r.token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return false, nil //nolint:nilerr // it does not listen yet
		}
		defer func() { _ = res.Body.Close() }()
		body, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		return strings.Contains(string(body), `"bash"`), nil
	})
}

// Kill ends it as a crash does.
func (r *Runner) Kill() { r.end(syscall.SIGKILL, patience) }

// Close ends it for good.
func (r *Runner) Close() error {
	r.end(syscall.SIGTERM, patience)
	return r.log.Close()
}

// await asks until the answer is yes.
func await(ctx context.Context, ask func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if ok, err := ask(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
