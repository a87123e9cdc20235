package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Machine tells what kind of machine this is.
func Machine() Check {
	return func(context.Context) []Finding {
		f := Finding{Area: "Machine", Name: "processors", State: OK,
			Found: fmt.Sprintf("%d, %s/%s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)}
		if runtime.GOOS != "linux" {
			f.State = Weak
			f.Found += ": rooms work here, programs cannot be run"
			f.Remedy = "Run `codecollab runner` on a Linux machine and name it with --runner-url."
		}
		return append([]Finding{f}, machine()...)
	}
}

// The disk space below which there is a warning, and below which rooms would soon be read-only; bytes.
const (
	littleDisk = 2 << 30
	noDisk     = 128 << 20
)

// Disk looks at a folder that the program writes to: whether it may, what is free there, and what kind of disk it is on. name
// is the flag that chooses the folder.
func Disk(name, dir string) Check {
	return func(context.Context) []Finding {
		f := Finding{Area: "Storage", Name: name, State: OK}
		at, err := existing(dir)
		if err == nil {
			err = writable(at)
		}
		if err != nil {
			f.State, f.Found = Bad, fmt.Sprintf("%s cannot be written: %v", dir, err)
			f.Remedy = fmt.Sprintf("Give the user who runs CodeCollab the right to write there, or choose another folder with --%s.", name)
			return []Finding{f}
		}
		space, err := spaceOf(at)
		if err != nil {
			f.State, f.Found = Weak, fmt.Sprintf("%s: what is free cannot be told: %v", dir, err)
			return []Finding{f}
		}
		f.Found = fmt.Sprintf("%s, %s free on %s", dir, bytes(space.free), space.kind)
		switch {
		case space.free < noDisk || space.inodes == 0:
			f.State, f.Remedy = Bad, "Make room: without space rooms become read-only."
		case space.free < littleDisk:
			f.State, f.Remedy = Weak, fmt.Sprintf("Make room: less than %s is little for logs, caches and databases.", bytes(littleDisk))
		case space.remote:
			f.State, f.Remedy = Weak, "Put it on a local disk: a network file system does not keep the promises that SQLite needs."
		case space.memory && name == "data":
			f.State, f.Remedy = Weak, "Put it on a disk: this is memory, and everything is gone after a restart of the machine."
		}
		return []Finding{f}
	}
}

// Space is what is free on the disk of a folder and how large that is, in bytes.
func Space(dir string) (free, total uint64, err error) {
	at, err := existing(dir)
	if err != nil {
		return 0, 0, err
	}
	s, err := spaceOf(at)
	return s.free, s.total, err
}

// existing is the folder itself, or the nearest one above it that is there: the rest is made at the first start.
func existing(dir string) (string, error) {
	at, err := filepath.Abs(dir)
	for err == nil {
		var st fs.FileInfo
		if st, err = os.Stat(at); err == nil && !st.IsDir() {
			return "", fmt.Errorf("%s is not a folder", at)
		}
		if !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			break
		}
		at, err = filepath.Dir(at), nil
		if _, gone := os.Stat(at); gone == nil {
			break
		}
	}
	return at, err
}

// writable tries it: the rights alone do not tell of read-only mounts.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".codecollab-doctor-")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// Address looks whether a server could listen on an address, or does so already.
func Address(name, addr string) Check {
	return func(ctx context.Context) []Finding {
		f := Finding{Area: "Network", Name: name, State: OK}
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
		switch {
		case err == nil:
			_ = l.Close()
			f.Found = addr + " is free"
		case answers(ctx, addr):
			f.Found = "a CodeCollab server is running on " + addr
		default:
			f.State, f.Found = Bad, fmt.Sprintf("%s cannot be used: %v", addr, err)
			f.Remedy = fmt.Sprintf("Stop what listens there, or choose another address with --%s.", name)
		}
		return []Finding{f}
	}
}

// answers tells whether a CodeCollab server listens on an address.
func answers(ctx context.Context, addr string) bool {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

func bytes(n uint64) string {
	switch {
	case n >= 1<<40:
		return fmt.Sprintf("%.1f TiB", float64(n)/(1<<40))
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%d MiB", n>>20)
}
