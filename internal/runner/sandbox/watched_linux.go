package sandbox

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// watched are bounds that nothing but looking keeps.
type watched struct {
	root int    // the cell's first process
	dir  string // the cell's folder
	spec Spec

	mu     sync.Mutex
	memory int64
	tasks  int
	peak   int64
	walked time.Time // when the folder was looked through last
	disk   Verdict   // what was found
}

// walkEvery is how often a cell's folder is looked through.
const walkEvery = 200 * time.Millisecond

func newWatched(root int, dir string, spec Spec) *watched {
	return &watched{root: root, dir: dir, spec: spec, walked: time.Now()}
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
		resident += s.resident * int64(os.Getpagesize())
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

// walk looks whether the cell's files are within their limits: those of /work and /tmp together.
func (w *watched) walk() Verdict {
	var bytes, count int64
	_ = filepath.WalkDir(w.dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil // it went away while we looked
		}
		count++
		if info, err := e.Info(); err == nil {
			if st, ok := info.Sys().(*syscall.Stat_t); ok {
				bytes += st.Blocks * 512
			}
		}
		if bytes > 2*w.spec.Disk || count > 2*w.spec.Inodes {
			return fs.SkipAll
		}
		return nil
	})
	switch {
	case bytes > 2*w.spec.Disk:
		return Disk
	case count > 2*w.spec.Inodes:
		return Inodes
	}
	return ""
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

func (w *watched) remove() error { return os.RemoveAll(w.dir) }
