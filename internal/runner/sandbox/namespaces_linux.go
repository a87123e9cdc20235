package sandbox

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
)

const fullTier = "namespaces + cgroups"

// namespaces is the full tier. Where the supervisor is not root, it cannot give cells a user of their own: programs then have its number in a user
// namespace of theirs, where it is the only one, and process 1 has it too, with capabilities there.
type namespaces struct {
	cgroups *cgroups
	plain   bool        // the supervisor is not root
	moved   atomic.Bool // cells cannot be born in their groups here
	mu      sync.Mutex  // guards nursery
	nursery *nursery
}

func newNamespaces(Config) (tier, error) {
	plain := os.Geteuid() != 0
	g, err := newCgroups(supervisorName())
	if err != nil && plain {
		return nil, &Refusal{Tier: fullTier, Why: "the runner is not root, and has no control groups of its own", Err: err,
			Do: "Run `codecollab runner` as root (programs it runs are never root), or as a systemd service with User= and Delegate=yes, as in docs/operate.md; or take the weaker Landlock with --runner-allow-weaker"}
	}
	if err != nil {
		return nil, &Refusal{Tier: fullTier, Why: "control groups cannot be made", Err: err,
			Do: "Mount /sys/fs/cgroup read-write with the controllers memory, pids and cpu; in systemd set Delegate=yes; in Docker add --security-opt systempaths=unconfined --security-opt seccomp=unconfined -v /sys/fs/cgroup:/sys/fs/cgroup:rw; or take the weaker Landlock with --runner-allow-weaker"}
	}
	n := &namespaces{cgroups: g, plain: plain}
	if err := n.startNursery(); err != nil {
		return nil, errors.Join(refused(fullTier, fmt.Errorf("make a user namespace: %w", err)), g.close())
	}
	return n, nil
}

func (n *namespaces) report() Report {
	r := Report{Tier: fullTier, Cgroups: n.cgroups.describe()}
	if n.plain {
		r.Notes = []string{"programs have the runner's own user number, though in a namespace where it owns nothing but their cell; " +
			"run the runner as root to give them one of their own"}
	}
	return r
}

func (n *namespaces) close() error {
	n.nursery.close()
	return n.cgroups.close()
}

func (n *namespaces) launch(number int64, spec Spec, memory int64) (*launched, error) {
	b, err := plan(spec)
	if err != nil {
		return nil, err
	}
	b.Plain = n.plain
	var trees []*os.File
	if !n.plain {
		if trees, err = b.open(); err != nil {
			return nil, err
		}
	}
	defer closeAll(trees)
	g, err := n.cgroups.newGroup(fmt.Sprintf("cell-%d", number))
	if err != nil {
		return nil, fmt.Errorf("make a control group: %w", err)
	}
	l := &launched{bounds: g, plan: b, owner: firstHostID + programID}
	if n.plain {
		l.owner = -1
	}
	if err := n.start(l, g, trees, memory); err != nil {
		return nil, errors.Join(err, g.remove())
	}
	return l, nil
}

func (n *namespaces) start(l *launched, g *group, trees []*os.File, memory int64) error {
	conn, theirs, err := socketPair()
	if err != nil {
		return err
	}
	defer theirs.Close()
	l.conn = conn
	if err := g.limit(memory, 64); err != nil {
		return errors.Join(fmt.Errorf("set limits: %w", err), conn.Close())
	}
	l.first, err = n.bearIn(g, append([]*os.File{theirs}, trees...))
	if err != nil {
		return errors.Join(fmt.Errorf("start a process in new namespaces: %w", err), conn.Close())
	}
	if err := g.holds(l.first.pid); err != nil {
		l.first.kill()
		l.first.wait()
		return errors.Join(err, conn.Close())
	}
	return nil
}

// bearIn starts a process in a group: where v2 serves all controllers, from its first instruction on.
func (n *namespaces) bearIn(g *group, files []*os.File) (process, error) {
	if !n.moved.Load() {
		p, err := n.born(g, files)
		if err == nil {
			return p, nil
		}
		n.moved.Store(true) // an older kernel, or a filter that knows no clone3
	}
	p, err := n.bear(files, nil)
	if err != nil {
		return p, err
	}
	if err := g.add(p.pid); err != nil {
		p.kill()
		p.wait()
		return process{}, err
	}
	return p, nil
}

func (n *namespaces) born(g *group, files []*os.File) (process, error) {
	folder, err := g.admit(n.nurseID())
	if err != nil {
		return process{}, err
	}
	defer folder.Close()
	p, err := n.bear(files, folder)
	return p, errors.Join(err, g.dismiss(n.nurseID()))
}

// nurseID is the host's number of the nursery's user.
func (n *namespaces) nurseID() int {
	if n.plain {
		return os.Geteuid()
	}
	return firstHostID
}

func (n *namespaces) startNursery() (err error) {
	if n.nursery, err = startNursery(n.plain); err != nil {
		return err
	}
	n.moved.Store(n.cgroups.cradle(n.nursery.cmd.Process.Pid, n.nurseID()) != nil)
	return nil
}

// bear has the nursery start a process, in the group of a folder if there is one. Should somebody have killed the nursery, there is a new one.
func (n *namespaces) bear(files []*os.File, folder *os.File) (process, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p, err := n.nursery.start(files, folder)
	if !errors.Is(err, errNurseryGone) {
		return p, err
	}
	n.nursery.close()
	if err := n.startNursery(); err != nil {
		return process{}, err
	}
	return n.nursery.start(files, folder)
}
