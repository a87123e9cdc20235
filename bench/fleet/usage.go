package fleet

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Usage is what a node uses now. Goroutines are known where its metrics are; 0 elsewhere.
type Usage struct {
	Pid         int
	Goroutines  int
	Threads     int
	Descriptors int
	Megabytes   float64 // resident, 10⁶ bytes
	Heap        float64 // of Go, in use, 10⁶ bytes; 0 where it is not known
	CPU         time.Duration
}

// tick is the unit of times in /proc/PID/stat: USER_HZ, which is 100 on every architecture that Go runs on.
const tick = 10 * time.Millisecond

// Usage asks the kernel, and the node's metrics.
func (n *Node) Usage() (u Usage) {
	u.Pid = n.Pid()
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", u.Pid))
	u.Megabytes = number(status, "VmRSS:") * 1024 / 1e6
	u.Threads = int(number(status, "Threads:"))
	u.CPU, _ = spent(u.Pid)
	fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", u.Pid))
	u.Descriptors = len(fds)
	metrics := n.metrics()
	u.Goroutines = int(number(metrics, "\ngo_goroutines "))
	u.Heap = number(metrics, "\ngo_memstats_heap_inuse_bytes ") / 1e6
	return u
}

// number is the first number behind a key.
func number(text []byte, key string) float64 {
	_, rest, _ := bytes.Cut(text, []byte(key))
	fields := strings.Fields(string(rest[:min(len(rest), 64)]))
	if len(fields) == 0 {
		return 0
	}
	v, _ := strconv.ParseFloat(fields[0], 64)
	return v
}

// metrics are those of the node, where it tells any.
func (n *Node) metrics() []byte {
	res, err := n.http.Get("http://" + n.metricsAddr + "/metrics")
	if err != nil {
		return nil
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil
	}
	body, _ := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	return append([]byte("\n"), body...)
}

// Metric is one of the node's metrics, added up over its labels; 0 where there is none.
func (n *Node) Metric(name string) (sum float64) {
	for line := range bytes.Lines(n.metrics()) {
		rest, ok := bytes.CutPrefix(line, []byte(name))
		if !ok || len(rest) == 0 || rest[0] != ' ' && rest[0] != '{' {
			continue
		}
		f := bytes.Fields(rest)
		v, _ := strconv.ParseFloat(string(f[len(f)-1]), 64)
		sum += v
	}
	return sum
}

// spent is the CPU time of a process, and its parent.
func spent(pid int) (cpu time.Duration, parent int) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0
	}
	// The name, in parentheses, may hold anything: the fields are counted from its end.
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(f) < 15 {
		return 0, 0
	}
	parent, _ = strconv.Atoi(f[1])
	for _, field := range f[11:15] { // of its own, and of children that have ended
		ticks, _ := strconv.Atoi(field)
		cpu += time.Duration(ticks) * tick
	}
	return cpu, parent
}

// CPU is what it has used with its processes.
func (p *Postgres) CPU() (sum time.Duration) {
	own := p.Pid()
	paths, _ := filepath.Glob("/proc/[0-9]*")
	for _, path := range paths {
		pid, _ := strconv.Atoi(filepath.Base(path))
		if cpu, parent := spent(pid); pid == own || parent == own {
			sum += cpu
		}
	}
	return sum
}
