package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// watched are bounds that nothing but looking keeps.
type watched struct {
	root  int    // the cell's first process
	owner int    // the programs' user; negative: ours
	dir   string // the cell's folder
	spec  Spec

	mu     sync.Mutex
	memory int64
	tasks  int
	peak   int64
	walked time.Time // when the folder was looked through last
	disk   Verdict   // what was found
}

// walkEvery is how often a cell's folder is looked through.
const walkEvery = 200 * time.Millisecond

func newWatched(root, owner int, dir string, spec Spec) *watched {
	return &watched{root: root, owner: owner, dir: dir, spec: spec, walked: time.Now()}
}

func (w *watched) limit(memory int64, tasks int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.memory, w.tasks = memory, tasks
	return nil
}

func (w *watched) usage() usage {
	w.mu.Lock()
	defer w.mu.Unlock()
	var u usage
	var resident int64
	threads := 0
	if first, ok := readStat(w.root); ok {
		u.cpu = ticks(first.children)
	}
	for _, s := range descendants(w.root) {
		u.cpu += ticks(s.cpu + s.children)
		resident += s.memory()
		threads += max(1, s.threads) // a zombie has none, and takes a place all the same
	}
	w.peak = max(w.peak, resident)
	u.peakByte = w.peak
	if threads >= w.tasks {
		u.refused = 1
	}
	if now := time.Now(); now.Sub(w.walked) >= walkEvery {
		w.walked, w.disk = now, w.walk()
	}
	switch {
	case resident > w.memory:
		u.over = Memory
	case threads > w.tasks:
		u.over = Tasks
	default:
		u.over = w.disk
	}
	return u
}

// stubborn is how often a folder that its program has closed to us is opened before that counts as full.
const stubborn = 3

// walk looks whether the cell's files are within their limits: those of /work and /tmp together, and those that have no name any more but
// are open still.
func (w *watched) walk() Verdict {
	for range stubborn {
		v, closed := w.count()
		if v != "" || len(closed) == 0 {
			return v
		}
		w.open(closed)
	}
	return Disk // whoever closes folders faster than they are opened has something to hide
}

// count also lists the folders that could not be read.
func (w *watched) count() (v Verdict, closed []string) {
	bytes, count, deep := w.nameless(), int64(0), false
	full := func() bool { return bytes > 2*w.spec.Disk || count > 2*w.spec.Inodes }
	_ = filepath.WalkDir(w.dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrPermission) {
			closed = append(closed, path)
		}
		deep = deep || errors.Is(err, unix.ENAMETOOLONG)
		if err != nil {
			return nil // or it went away while we looked
		}
		count++
		if info, err := e.Info(); err == nil {
			if st, ok := info.Sys().(*syscall.Stat_t); ok {
				bytes += st.Blocks * 512
			}
		}
		if full() {
			return fs.SkipAll
		}
		return nil
	})
	switch {
	case bytes > 2*w.spec.Disk:
		return Disk, nil
	case count > 2*w.spec.Inodes || deep: // so deep that no path leads there: nobody needs that, and it could hide anything
		return Inodes, nil
	}
	return "", closed
}

// open makes folders readable again. Through a root, for a program may put a link in a folder's place meanwhile.
func (w *watched) open(folders []string) {
	root, err := os.OpenRoot(w.dir)
	if err != nil {
		return
	}
	defer root.Close()
	for _, path := range folders {
		if rel, err := filepath.Rel(w.dir, path); err == nil {
			_ = root.Chmod(rel, 0o700)
		}
	}
}

// nameless are the bytes of removed files that the cell's processes hold open.
func (w *watched) nameless() int64 {
	sizes := map[[2]uint64]int64{} // by device and inode: processes share files
	lookAs(w.owner, func() {
		for _, s := range living(w.root) {
			if s.pid == w.root {
				continue
			}
			dir := s.firstLiving() + "/fd"
			for _, fd := range numbers(dir) {
				var st unix.Stat_t
				err := unix.Stat(fmt.Sprintf("%s/%d", dir, fd), &st)
				if err == nil && st.Mode&unix.S_IFMT == unix.S_IFREG && st.Nlink == 0 {
					sizes[[2]uint64{st.Dev, st.Ino}] = st.Blocks * 512
				}
			}
		}
	})
	var sum int64
	for _, n := range sizes {
		sum += n
	}
	return sum
}

func (w *watched) resetPeak() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.peak = 0
}

func (w *watched) processes() []int {
	var pids []int
	for _, s := range living(w.root) {
		pids = append(pids, s.pid)
	}
	return pids
}

func (w *watched) remove() error { return removeFolder(w.dir) }
