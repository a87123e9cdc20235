package servicetest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// RedisServer is a real Redis of one test, on a port of its own, that keeps nothing on the disk.
type RedisServer struct {
	URL string // with the password, if it has one

	t        testing.TB
	program  string
	port     int
	password string
	process  *os.Process
	gone     chan struct{} // closed once the process has ended
	dir      string
}

// Redis starts a Redis, or a Valkey. It ends with the test, and also when the test's process dies.
func Redis(t testing.TB) *RedisServer { return redis(t, "") }

// RedisWithPassword starts a Redis that asks for a password.
func RedisWithPassword(t testing.TB, password string) *RedisServer { return redis(t, password) }

func redis(t testing.TB, password string) *RedisServer {
	t.Helper()
	notEveryDay(t)
	r := &RedisServer{t: t, program: find(t, "redis-server", "valkey-server"), port: freePort(t), password: password, dir: t.TempDir()}
	auth := ""
	if password != "" {
		auth = ":" + password + "@"
	}
	r.URL = fmt.Sprintf("redis://%s127.0.0.1:%d/0", auth, r.port)
	t.Cleanup(r.Stop)
	r.Start()
	return r
}

// Addr is where it listens.
func (r *RedisServer) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(r.port)) }

// Start starts it, again after Stop, and waits until it answers. It has forgotten everything then.
func (r *RedisServer) Start() {
	r.t.Helper()
	log := filepath.Join(r.dir, "redis.log")
	args := []string{
		"--port", strconv.Itoa(r.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", r.dir, "--logfile", log,
	}
	if r.password != "" {
		args = append(args, "--requirepass", r.password)
	}
	r.process, r.gone = start(r.t, exec.Command(r.program, args...))
	end := time.Now().Add(patience)
	for r.Command("PING") != "+PONG" {
		if time.Now().After(end) {
			said, _ := os.ReadFile(log)
			r.t.Fatalf("%s does not answer within %s: %s", r.program, patience, said)
		}
		time.Sleep(pause)
	}
}

// Stop kills it, and waits until it is gone.
func (r *RedisServer) Stop() {
	if r.process == nil {
		return
	}
	_ = r.process.Kill() // it may have ended by itself
	<-r.gone
	r.process = nil
}

// Pause has it hang: connections stay, and nothing is answered until resume is called.
func (r *RedisServer) Pause() (resume func()) {
	r.t.Helper()
	p := r.process
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		r.t.Fatal(err)
	}
	return func() { _ = p.Signal(syscall.SIGCONT) } // it may have been killed meanwhile
}

// Flush makes it forget all keys.
func (r *RedisServer) Flush() {
	r.t.Helper()
	if got := r.Command("FLUSHALL"); got != "+OK" {
		r.t.Fatalf("FLUSHALL: %s", got)
	}
}

// Disconnect ends all connections that others have to it.
func (r *RedisServer) Disconnect() {
	r.t.Helper()
	for _, kind := range []string{"normal", "pubsub"} {
		if got := r.Command("CLIENT KILL TYPE " + kind); !strings.HasPrefix(got, ":") {
			r.t.Fatalf("CLIENT KILL: %s", got)
		}
	}
}

// Command runs a command, and returns the first line of the answer; "" when there is none.
func (r *RedisServer) Command(line string) string {
	c, err := net.DialTimeout("tcp", r.Addr(), time.Second)
	if err != nil {
		return ""
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Second)) // a TCP connection can
	ask := line + "\r\n"
	if r.password != "" {
		ask = "AUTH " + r.password + "\r\n" + ask
	}
	if _, err := c.Write([]byte(ask)); err != nil {
		return ""
	}
	answer := make([]byte, 4096)
	var got string
	for lines := 1 + strings.Count(ask, "AUTH "); strings.Count(got, "\r\n") < lines; {
		n, err := c.Read(answer)
		if got += string(answer[:n]); err != nil {
			break
		}
	}
	all := strings.Split(strings.TrimRight(got, "\r\n"), "\r\n")
	return all[len(all)-1]
}

const (
	patience = 20 * time.Second // within this a service has started
	pause    = 10 * time.Millisecond
)

// find finds a program. Where continuous integration runs, a missing one is a mistake; elsewhere the test is skipped.
func find(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("none of %v is installed, but scripts/setup-debian.sh does so", names)
	}
	t.Skipf("none of %v is installed; scripts/setup-debian.sh does so", names)
	return ""
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// start starts a program that dies with this process. The kernel ends it when the thread ends that started it, so that one waits.
func start(t testing.TB, cmd *exec.Cmd) (p *os.Process, gone chan struct{}) {
	t.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	started, gone := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(gone)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ends makes no difference
		}
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	return cmd.Process, gone
}
