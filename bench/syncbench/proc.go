package syncbench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// usage is what a process has used, as /proc tells; zero where there is no /proc.
type usage struct {
	cpu  time.Duration // user and system
	rss  float64       // MB (10⁶ bytes) now
	peak float64       // MB at the most
	gone bool          // it has ended (and waits to be noticed)
}

// tick is the unit of times in /proc/PID/stat: USER_HZ, which is 100 on every architecture that Go runs on.
const tick = 10 * time.Millisecond

func usageOf(pid int) usage {
	s, ok := readStat(pid)
	if !ok {
		return usage{}
	}
	u := usage{cpu: s.cpu, gone: s.state == "Z"}
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	u.rss, u.peak = megabytes(status, "VmRSS:"), megabytes(status, "VmHWM:")
	return u
}

func megabytes(status []byte, key string) float64 {
	_, rest, _ := bytes.Cut(status, []byte(key))
	fields := strings.Fields(string(rest[:min(len(rest), 64)]))
	if len(fields) == 0 {
		return 0
	}
	kib, _ := strconv.ParseFloat(fields[0], 64)
	return kib * 1024 / 1e6
}

// stat is what we want from /proc/PID/stat. The start time tells a process from a later one with the same number.
type stat struct {
	pid, parent int
	state       string
	cpu         time.Duration
	started     string
}

func readStat(pid int) (s stat, ok bool) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return s, false
	}
	// The name, in parentheses, may hold anything: the fields are counted from its end.
	f := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	if len(f) < 20 {
		return s, false
	}
	s.pid, s.state, s.started = pid, f[0], f[19]
	s.parent, _ = strconv.Atoi(f[1])
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	s.cpu = time.Duration(user+system) * tick
	return s, true
}

// kill sends SIGKILL, if this process is still the one that it was.
func (s stat) kill() {
	if now, ok := readStat(s.pid); ok && now.started == s.started {
		_ = syscall.Kill(s.pid, syscall.SIGKILL)
	}
}

// descendants returns the children of a process, their children and so on.
func descendants(pid int) []stat {
	children := map[int][]stat{}
	paths, _ := filepath.Glob("/proc/[0-9]*")
	for _, path := range paths {
		n, _ := strconv.Atoi(filepath.Base(path))
		if s, ok := readStat(n); ok {
			children[s.parent] = append(children[s.parent], s)
		}
	}
	var out []stat
	for next := children[pid]; len(next) > 0; {
		s := next[0]
		out = append(out, s)
		next = append(next[1:], children[s.pid]...)
	}
	return out
}
