package sandbox

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// procStat is a process as /proc/PID/stat tells of it; see proc_pid_stat(5).
type procStat struct {
	pid, parent int
	state       byte
	cpu         uint64 // of itself, in ticks
	children    uint64 // of children that have been waited for, in ticks
	threads     int
	started     uint64 // ticks since boot: with the number it names the process for ever
	resident    int64  // pages
}

const ticksPerSecond = 100 // USER_HZ, on all architectures that we know

func ticks(n uint64) time.Duration { return time.Duration(n) * time.Second / ticksPerSecond }

func readStat(pid int) (procStat, bool) {
	s, ok := readStatOf(fmt.Sprintf("/proc/%d", pid))
	s.pid = pid
	return s, ok
}

// readStatOf reads what a folder of /proc says of its process or thread, but for its number.
func readStatOf(dir string) (procStat, bool) {
	text, err := readSmall(dir + "/stat")
	end := strings.LastIndexByte(text, ')')
	if err != nil || end < 0 {
		return procStat{}, false
	}
	f := strings.Fields(text[end+1:]) // from the state, which is field 3
	if len(f) < 22 {
		return procStat{}, false
	}
	n := func(field int) uint64 { v, _ := strconv.ParseUint(f[field-3], 10, 64); return v }
	return procStat{parent: int(n(4)), state: f[0][0], cpu: n(14) + n(15), children: n(16) + n(17), threads: int(n(20)),
		started: n(22), resident: int64(n(24))}, true
}

// descendants lists a process's children, their children and so on, zombies among them.
func descendants(root int) []procStat {
	children := map[int][]procStat{}
	for _, pid := range numbers("/proc") {
		if s, ok := readStat(pid); ok {
			children[s.parent] = append(children[s.parent], s)
		}
	}
	var out []procStat
	for queue := []int{root}; len(queue) > 0; queue = queue[1:] {
		for _, s := range children[queue[0]] {
			queue = append(queue, s.pid)
			out = append(out, s)
		}
	}
	return out
}

// living are the descendants that are no zombies.
func living(root int) []procStat { return slices.DeleteFunc(descendants(root), procStat.gone) }

// gone tells whether nothing of the process runs any more. Its first thread may have ended, and look like a zombie, before the others do.
func (s procStat) gone() bool { return (s.state == 'Z' || s.state == 'X') && s.threads <= 1 }

// memory is what the process holds, in bytes. A first thread that has ended holds nothing, and does not tell of the others.
func (s procStat) memory() int64 {
	pages := s.resident
	if s.state == 'Z' {
		t, _ := readStatOf(s.firstLiving())
		pages = t.resident
	}
	return pages * int64(os.Getpagesize())
}

// firstLiving is the folder of /proc of a thread that has not ended.
func (s procStat) firstLiving() string {
	process := fmt.Sprintf("/proc/%d", s.pid)
	if s.state != 'Z' {
		return process
	}
	for _, tid := range numbers(process + "/task") {
		thread := fmt.Sprintf("%s/task/%d", process, tid)
		if t, ok := readStatOf(thread); ok && t.state != 'Z' && t.state != 'X' {
			return thread
		}
	}
	return process
}

// killRounds bounds how often killBelow looks: it is far more than a fork bomb within its limit of processes has ever needed.
const killRounds = 2000

// killBelow ends everything below a process. First it stops all, so that nothing forks away between two looks.
func killBelow(root int) {
	stopped := map[procKey]bool{}
	for range killRounds {
		fresh := false
		for _, s := range living(root) {
			if !stopped[s.key()] {
				fresh, stopped[s.key()] = true, true
				s.signal(unix.SIGSTOP)
			}
		}
		if !fresh {
			break
		}
	}
	for range killRounds {
		left := living(root)
		if len(left) == 0 {
			return
		}
		for _, s := range left {
			s.signal(unix.SIGKILL)
		}
		time.Sleep(time.Millisecond)
	}
}

type procKey struct {
	pid     int
	started uint64
}

func (s procStat) key() procKey { return procKey{s.pid, s.started} }

// signal reaches that very process or none: its number may have been given out again.
func (s procStat) signal(sig unix.Signal) {
	fd, err := unix.PidfdOpen(s.pid, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	if now, ok := readStat(s.pid); ok && now.started == s.started && s.pid != os.Getpid() {
		_ = unix.PidfdSendSignal(fd, sig, nil, 0)
	}
}
