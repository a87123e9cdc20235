package voicebench

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

// ears collect how late packets are.
type ears struct {
	mu   sync.Mutex
	on   bool
	late []float64 // ms
}

func (e *ears) hear(_ uint64, late time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.on {
		e.late = append(e.late, float64(late)/float64(time.Millisecond))
	}
}

func (e *ears) start() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.on = true
}

// stop gives what there is, sorted.
func (e *ears) stop() []float64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.on = false
	slices.Sort(e.late)
	return e.late
}

// at is the value below which a share of all lies.
func at(sorted []float64, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

// ticks is how many a second has in /proc, on every system that Go knows.
const ticks = 100

// cpuOf is how many seconds of CPU a process has used; 0: this one. Nothing is known of a server that somebody else has started.
func cpuOf(pid int) float64 {
	name := "self"
	if pid != 0 {
		name = strconv.Itoa(pid)
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%s/stat", name))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(string(fields[11]), 64)
	system, _ := strconv.ParseFloat(string(fields[12]), 64)
	return (user + system) / ticks
}
