package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// oci is the tier of an OCI runtime, chosen only when asked for: gVisor's runsc, whose containers have a kernel of their own, or whatever else speaks
// its command line. A cell is a container; process 1 in it, the keeper, and all programs have one user, which owns nothing, and no capabilities.
type oci struct {
	runtime runtimeProgram
	keeper  string // this binary
	dir     string // of this supervisor's cells
	cgroups *cgroups
}

// containerUser is what programs in containers are, on the host and inside. No host gives out users this high.
const containerUser = firstHostID + programID

func newOCI(c Config) (tier, error) {
	refuse := func(why string, err error, do string) (tier, error) {
		return nil, &Refusal{Tier: ociName(c.Runtime), Why: why, Err: err, Do: do}
	}
	if os.Geteuid() != 0 {
		return refuse("the runner is not root", nil, "Run `codecollab runner` as root, as the OCI runtime needs it; or choose another --runner-sandbox")
	}
	runtime, err := findRuntime(c.Runtime)
	if err != nil {
		return refuse("the OCI runtime cannot be run", err, "Install gVisor, and say with --runner-oci-runtime where its runsc is; or choose another --runner-sandbox")
	}
	keeper, err := os.Executable()
	if err != nil {
		return nil, refused(ociName(c.Runtime), err)
	}
	sweepContainers(runtime, c.Dir)
	t := &oci{runtime: runtime, keeper: keeper, dir: filepath.Join(c.Dir, supervisorName())}
	if err := errors.Join(os.MkdirAll(t.dir, 0o711), os.WriteFile(t.secret(), []byte("not for programs\n"), 0o644)); err != nil {
		return nil, refused(ociName(c.Runtime), err)
	}
	if t.cgroups, err = newCgroups(supervisorName()); err != nil {
		_, r := refuse("control groups cannot be made", err, "Mount /sys/fs/cgroup read-write with the controllers memory, pids and cpu; in systemd set Delegate=yes")
		return nil, errors.Join(r, os.Remove(t.secret()), os.Remove(t.dir))
	}
	return t, nil
}

const ociPrefix = "OCI runtime "

func ociName(runtime string) string { return ociPrefix + filepath.Base(runtime) + " + cgroups" }

func (t *oci) report() Report {
	notes := []string{"containers of gVisor have not been tried by those who made this, only those of runc: " +
		"where /proc tells less there, it is not noticed that a program waits for input"}
	if !t.runtime.gvisor {
		notes = []string{fmt.Sprintf("%s is not gVisor (it says %q): programs share this host's kernel", t.runtime.path, t.runtime.version)}
	}
	return Report{Tier: ociName(t.runtime.path), Cgroups: t.cgroups.describe(), Notes: notes}
}

func (t *oci) close() error {
	return errors.Join(t.cgroups.close(), removeStray(filepath.Base(t.dir)), os.RemoveAll(t.state()), os.Remove(t.secret()), os.Remove(t.dir))
}

// secretName is of a file that everybody on the host may read, and no program in a container.
const secretName = "of-the-host"

func (t *oci) secret() string { return filepath.Join(t.dir, secretName) }

// state is the runtime's own folder, so that it and other users of the runtime do not meet.
func (t *oci) state() string { return filepath.Join(t.dir, "state") }

func (t *oci) launch(number int64, spec Spec, memory int64) (*launched, error) {
	plan, err := plan(spec)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("cell-%d", number)
	g, err := t.cgroups.newGroup(name)
	if err != nil {
		return nil, fmt.Errorf("make a control group: %w", err)
	}
	if t.runtime.gvisor {
		g.ownMemory, g.ownTasks = gvisorMemory, gvisorTasks
	}
	c := &container{tier: t, group: g, dir: filepath.Join(t.dir, name), id: filepath.Base(t.dir) + "-" + name}
	if err := g.limit(memory, 64); err != nil {
		return nil, errors.Join(fmt.Errorf("set limits: %w", err), c.remove())
	}
	if err := c.bundle(plan); err != nil {
		return nil, errors.Join(fmt.Errorf("make a bundle: %w", err), c.remove())
	}
	l := &launched{bounds: c, owner: containerUser, plan: &blueprint{Disk: plan.Disk, Inodes: plan.Inodes, Files: plan.Files, Container: true}}
	if err := c.start(l); err != nil {
		return nil, errors.Join(err, c.remove())
	}
	return l, nil
}

// What gVisor's own kernel takes, beside a program's memory and threads: by its documentation, not measured here.
const (
	gvisorMemory = 128 << 20
	gvisorTasks  = 256
)

// container is one cell.
type container struct {
	*group
	tier *oci
	dir  string // the bundle
	id   string

	mu   sync.Mutex // guards last
	last usage
}

// usage is the last that was seen, when the runtime has removed the group.
func (c *container) usage() usage {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.group.usage()
	if _, err := os.Stat(c.group.at["pids"].dir); err == nil {
		c.last = now
	}
	return c.last
}

// processes are none of ours to look at: with gVisor they are its kernel's.
func (c *container) processes() []int { return nil }

func (c *container) start(l *launched) error {
	keeper, theirs, err := socketPair()
	if err != nil {
		return err
	}
	defer theirs.Close()
	said := &lastWords{}
	cmd := exec.Command(c.tier.runtime.path, c.tier.runtime.args(c.tier.state(), "run", "--bundle", c.dir, c.id)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Dir = theirs, theirs, said, "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return errors.Join(fmt.Errorf("start the OCI runtime: %w", err), keeper.Close())
	}
	gone := make(chan struct{})
	go func() { _ = cmd.Wait(); close(gone) }()
	l.first = process{pid: cmd.Process.Pid, kill: c.group.kill, wait: func() { c.await(cmd, gone) }}
	conn, ferry, err := newFerry(keeper, filepath.Join(c.dir, "work"), containerUser)
	if err != nil {
		l.first.wait()
		return errors.Join(err, keeper.Close())
	}
	l.conn, l.waiting, l.said = conn, ferry.waits.Load, said.String
	return nil
}

// tidy is how long the runtime may take to clear up behind a container that has been killed, and to see that.
const tidy = 5 * time.Second

// await ends the container and waits for its runtime. One that is still about to make the container is ended, too.
func (c *container) await(cmd *exec.Cmd, gone <-chan struct{}) {
	timer := time.NewTimer(tidy)
	defer timer.Stop()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		c.group.kill()
		select {
		case <-gone:
			c.group.kill()
			return
		case <-timer.C:
			_ = cmd.Process.Kill()
		case <-again.C:
		}
	}
}

// remove removes all that there is of the container, and of what was to become one.
func (c *container) remove() error {
	var errs []error
	if _, err := os.Stat(filepath.Join(c.tier.state(), c.id)); err == nil || c.tier.runtime.gvisor {
		errs = append(errs, c.tier.runtime.delete(c.tier.state(), c.id))
	}
	errs = append(errs, unmountAll(c.dir), c.group.remove(), removeStray(filepath.Base(c.tier.dir), filepath.Base(c.dir)))
	return errors.Join(errs...)
}

// runtimeProgram is the OCI runtime.
type runtimeProgram struct {
	path    string
	version string // what it says of itself
	gvisor  bool
}

func findRuntime(name string) (runtimeProgram, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return runtimeProgram{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), buildTime)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return runtimeProgram{}, fmt.Errorf("%s --version: %w", path, err)
	}
	version, _, _ := strings.Cut(string(out), "\n")
	return runtimeProgram{path: path, version: version, gvisor: strings.HasPrefix(version, "runsc")}, nil
}

// args are those of a command. gVisor's containers get no network but a loopback of their own; other runtimes make it a namespace without one.
func (r runtimeProgram) args(state string, command ...string) []string {
	args := []string{"--root", state}
	if r.gvisor {
		args = append(args, "--network=none")
	}
	return append(args, command...)
}

// delete has the runtime forget a container, running or not. One that it does not know is forgotten already.
func (r runtimeProgram) delete(state, id string) error {
	ctx, cancel := context.WithTimeout(context.Background(), buildTime)
	defer cancel()
	out, err := exec.CommandContext(ctx, r.path, r.args(state, "delete", "--force", id)...).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "does not exist") {
		return fmt.Errorf("delete the container %s: %w: %s", id, err, strings.TrimSpace(string(out)))
	}
	return nil
}
