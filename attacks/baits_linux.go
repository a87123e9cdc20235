package attacks

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// baits are things of the host that attacks reach for. Everybody on the host may use them, so that it is the engine
// alone that keeps programs away.
type baits struct {
	secret string // what {file}, {shm} and the variable {name} hold
	dir    string
	open   os.FileInfo
	places *strings.Replacer
	calls  atomic.Int64 // connections and datagrams
	pid    int
	close  []func()
}

// secretName is the variable of the engine's environment that holds the secret.
const secretName = "ATTACK_BAIT"

const openText = "nobody has written here\n"

// layBaits prepares the host. port is the engine's.
func layBaits(secret, port string) (b *baits, err error) {
	b = &baits{secret: secret}
	defer func() {
		if err != nil {
			b.remove()
		}
	}()
	if b.dir, err = os.MkdirTemp("", "attack-bait-"); err != nil {
		return b, err
	}
	b.close = append(b.close, func() { _ = os.RemoveAll(b.dir) })
	hidden, open, socket := filepath.Join(b.dir, "secret"), filepath.Join(b.dir, "open"), filepath.Join(b.dir, "socket")
	err = errors.Join(os.Chmod(b.dir, 0o755), os.WriteFile(hidden, []byte(b.secret+"\n"), 0o644), os.WriteFile(open, []byte(openText), 0o666), os.Chmod(open, 0o666))
	if err != nil {
		return b, err
	}
	if b.open, err = os.Stat(open); err != nil {
		return b, err
	}
	abstract := "attack-bait-" + rand.Text()
	tcp, err := b.listen("tcp", "127.0.0.1:0")
	_, err1 := b.listen("unix", socket)
	_, err2 := b.listen("unix", "@"+abstract)
	udp, err3 := b.datagrams()
	key, err4 := b.share()
	err5 := b.process()
	if err := errors.Join(err, err1, err2, err3, err4, err5, os.Chmod(socket, 0o777)); err != nil {
		return b, err
	}
	b.places = strings.NewReplacer("{file}", hidden, "{open}", open, "{name}", secretName, "{tcp}", portOf(tcp), "{udp}", portOf(udp),
		"{abstract}", abstract, "{socket}", socket, "{pid}", fmt.Sprint(b.pid), "{shm}", fmt.Sprint(key), "{runner}", port)
	return b, nil
}

func portOf(a net.Addr) string {
	_, port, _ := net.SplitHostPort(a.String())
	return port
}

// listen counts those who come.
func (b *baits) listen(network, address string) (net.Addr, error) {
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	b.close = append(b.close, func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b.calls.Add(1)
			_, _ = c.Write([]byte(b.secret))
			_ = c.Close()
		}
	}()
	return l.Addr(), nil
}

func (b *baits) datagrams() (net.Addr, error) {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b.close = append(b.close, func() { _ = c.Close() })
	go func() {
		buf := make([]byte, 100)
		for {
			if _, _, err := c.ReadFrom(buf); err != nil {
				return
			}
			b.calls.Add(1)
		}
	}()
	return c.LocalAddr(), nil
}

// share makes a segment of System V shared memory.
func (b *baits) share() (key int, err error) {
	key = 0x0a77ac40 + os.Getpid()
	id, err := unix.SysvShmGet(key, 4096, unix.IPC_CREAT|0o666)
	if err != nil {
		return 0, err
	}
	b.close = append(b.close, func() { _, _ = unix.SysvShmCtl(id, unix.IPC_RMID, nil) })
	at, err := unix.SysvShmAttach(id, 0, 0)
	if err != nil {
		return 0, err
	}
	copy(at, b.secret)
	b.close = append(b.close, func() { _ = unix.SysvShmDetach(at) })
	return key, nil
}

// process is one that is there to be seen and killed.
func (b *baits) process() error {
	cmd := exec.Command("sleep", "100000")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), secretName + "=" + b.secret}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return err
	}
	b.pid = cmd.Process.Pid
	b.close = append(b.close, func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return nil
}

// taken says what has come of the baits since it was asked last; empty when they are untouched.
func (b *baits) taken() string {
	var what []string
	if n := b.calls.Swap(0); n > 0 {
		what = append(what, fmt.Sprintf("%d connections or datagrams reached the host", n))
	}
	path := filepath.Join(b.dir, "open")
	now, err := os.Stat(path)
	text, _ := os.ReadFile(path)
	switch {
	case err != nil:
		what = append(what, "the host's file is gone")
	case now.Mode() != b.open.Mode() || owner(now) != owner(b.open) || string(text) != openText:
		what = append(what, fmt.Sprintf("the host's file was changed: %v, owner %d", now.Mode(), owner(now)))
	}
	var ended unix.Siginfo
	if err := unix.Waitid(unix.P_PID, b.pid, &ended, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil); err != nil || ended.Signo != 0 {
		what = append(what, "the host's process was killed")
	}
	return strings.Join(what, "; ")
}

func (b *baits) remove() {
	for i := len(b.close) - 1; i >= 0; i-- {
		b.close[i]()
	}
}
