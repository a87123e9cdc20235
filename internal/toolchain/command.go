package toolchain

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// task is a program to run: on the machine itself, or in a root file system of the store.
type task struct {
	argv   []string
	root   string            // empty: the machine itself
	alone  bool              // on the machine, but with mounts and processes of its own
	binds  map[string]string // folders of the machine, to where in the root they are seen
	env    []string          // beside those of this process
	lines  func(string)      // gets every line printed
	status func(string)      // gets every line that the program writes to file descriptor 3
}

// patience is how long a program that was told to end may take for it.
const patience = time.Minute

// run runs t to its end and returns what it printed. An error holds its last words.
func (i *Installer) run(ctx context.Context, t task) (string, error) {
	// The child is to end with the thread that started it, so this goroutine keeps its thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd, err := t.command(ctx)
	if err != nil {
		return "", err
	}
	printed := &record{lines: t.lines}
	cmd.Stdout, cmd.Stderr = printed, printed
	cmd.WaitDelay = patience
	followed, err := follow(cmd, t.status)
	if err != nil {
		return "", err
	}
	i.options.Log.Debug("package manager", "root", t.root, "command", t.argv)
	err = explain(cmd.Start())
	followed.started()
	if err == nil {
		err = cmd.Wait()
	}
	followed.done()
	out := printed.String()
	if err != nil {
		i.options.Log.Debug("package manager failed", "command", t.argv, "err", err, "printed", out)
		return out, &saidError{err: fmt.Errorf("%s: %w", strings.Join(t.argv[:min(2, len(t.argv))], " "), err), words: lastWords(out)}
	}
	return out, nil
}

// environ is what package managers see of our environment.
func (t task) environ() []string {
	env := slices.DeleteFunc(os.Environ(), func(e string) bool {
		name, _, _ := strings.Cut(e, "=")
		return strings.HasPrefix(name, "CODECOLLAB_") || strings.HasPrefix(name, "LC_") || name == "LANG" || name == "LANGUAGE" ||
			t.root != "" && slices.Contains([]string{"PATH", "HOME", "TMPDIR", "GOROOT", "GOPATH"}, name)
	})
	env = append(env, "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "DEBCONF_NONINTERACTIVE_SEEN=true")
	if t.root != "" {
		env = append(env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root")
	} else {
		env = append(env, "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin") // debootstrap, which not everyone's PATH knows
	}
	return append(env, t.env...)
}

// follower reads the status lines of a program from a pipe that is its file descriptor 3.
type follower struct {
	read, write *os.File
	wait        sync.WaitGroup
}

func follow(cmd *exec.Cmd, status func(string)) (*follower, error) {
	f := &follower{}
	if status == nil {
		return f, nil
	}
	var err error
	if f.read, f.write, err = os.Pipe(); err != nil {
		return nil, err
	}
	cmd.ExtraFiles = []*os.File{f.write}
	f.wait.Go(func() {
		for lines := bufio.NewScanner(f.read); lines.Scan(); {
			status(lines.Text())
		}
		_, _ = io.Copy(io.Discard, f.read) // a line too long must not stop the program
	})
	return f, nil
}

// started closes our end of what the program writes to.
func (f *follower) started() {
	if f.write != nil {
		f.write.Close()
		f.write = nil
	}
}

func (f *follower) done() {
	f.started()
	if f.read != nil {
		f.wait.Wait()
		f.read.Close()
	}
}

// record keeps the end of what is printed, and hands its lines on.
type record struct {
	mu    sync.Mutex
	kept  bytes.Buffer
	line  []byte
	lines func(string)
}

// keptMost is far more than a plan of apt for all languages prints.
const keptMost = 8 << 20

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept.Len()+len(p) > keptMost {
		r.kept.Next(r.kept.Len() / 2)
	}
	r.kept.Write(p)
	if r.lines == nil {
		return len(p), nil
	}
	r.line = append(r.line, p...)
	for {
		end := bytes.IndexAny(r.line, "\r\n")
		if end < 0 {
			break
		}
		if line := strings.TrimSpace(string(r.line[:end])); line != "" {
			r.lines(line)
		}
		r.line = r.line[end+1:]
	}
	return len(p), nil
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept.String()
}

// saidError is a program that failed, with its last words.
type saidError struct {
	err   error
	words string
}

func (e *saidError) Error() string {
	if e.words == "" {
		return e.err.Error()
	}
	return e.err.Error() + ": " + e.words
}

func (e *saidError) Unwrap() error { return e.err }

// lastWords picks the lines that say why: those that call themselves errors, with what they announce, or else the last ones.
func lastWords(printed string) string {
	const most = 8
	var all, errs []string
	announced := false
	for line := range strings.Lines(printed) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		all = append(all, line)
		if announced || isError(line) {
			errs = append(errs, line)
		}
		announced = isError(line) && strings.HasSuffix(line, ":")
	}
	if len(errs) == 0 || len(all) <= most {
		errs = all
	}
	return strings.Join(errs[max(0, len(errs)-most):], "\n")
}

func isError(line string) bool {
	for _, start := range []string{"E: ", "Err:", "dpkg: error", "npm error", "npm ERR!", "go: "} {
		if strings.HasPrefix(line, start) {
			return true
		}
	}
	return false
}
