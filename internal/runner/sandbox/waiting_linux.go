package sandbox

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// waits finds out whether a program waits for input: somebody reads, or polls, what has nothing to read, and everybody
// else is asleep. The kernel tells what a sleeping thread is asleep in. The supervisor looks, from outside: it has the right to, and
// process 1 needs no thread with a program's rights, which programs could signal.
type waits struct {
	input     *os.File   // what the program reads
	outputs   []*os.File // pipes that it writes to: who has not read the question yet is not told of the wait for an answer
	is        unix.Stat_t
	processes func() []int
	report    func(bool)
	within    func() bool // if not nil, it looks at the processes instead
	told      bool
	last      bool
}

func newWaits(input *os.File, outputs []*os.File, processes func() []int, report func(bool)) (*waits, error) {
	w := &waits{input: input, outputs: outputs, processes: processes, report: report}
	return w, unix.Fstat(int(input.Fd()), &w.is)
}

// tick looks once. A change is told when two looks in a row agree, so that the moment between two reads is no change.
func (w *waits) tick() {
	now := w.look()
	if now == w.last && now != w.told {
		w.told = now
		w.report(now)
	}
	w.last = now
}

func (w *waits) look() bool {
	// By the argument, not the returned number: the call answers through a pointer.
	if n, err := unix.IoctlGetInt(int(w.input.Fd()), unix.TIOCINQ); err != nil || n > 0 {
		return false
	}
	for _, f := range w.outputs {
		if n, err := unix.IoctlGetInt(int(f.Fd()), unix.TIOCINQ); err != nil || n > 0 {
			return false
		}
	}
	if w.within != nil {
		return w.within()
	}
	reader := false
	for _, pid := range w.processes() {
		for _, tid := range numbers(fmt.Sprintf("/proc/%d/task", pid)) {
			call, asleep := asleepIn(pid, tid)
			if !asleep {
				return false
			}
			reader = reader || call != nil && w.readBy(pid, call)
		}
	}
	return reader
}

// asleepIn gives the system call, and its arguments, that a thread is asleep in; nil for one that has ended.
func asleepIn(pid, tid int) (call []uint64, asleep bool) {
	text, err := readSmall(fmt.Sprintf("/proc/%d/task/%d/syscall", pid, tid))
	if err != nil {
		return nil, os.IsNotExist(err) || err == unix.ESRCH
	}
	f := strings.Fields(text)
	if len(f) < 9 {
		return nil, len(f) > 1 && f[1] == "0x0" // "running"; "-1 0x0 0x0" is a zombie
	}
	for _, word := range f[:7] {
		n, err := strconv.ParseUint(word, 0, 64)
		if err != nil {
			return nil, false
		}
		call = append(call, n)
	}
	return call, true
}

// readBy tells whether the call waits for our input, among other things perhaps.
func (w *waits) readBy(pid int, call []uint64) bool {
	switch nr, a := uint32(call[0]), call[1:]; waitCalls[nr] {
	case waitRead:
		return w.same(pid, int(a[0]))
	case waitPoll:
		return w.polled(pid, a[0], a[1])
	case waitSelect:
		return w.selected(pid, a[0], a[1])
	case waitEpoll:
		return w.epolled(pid, int(a[0]))
	}
	return false
}

type waitKind int

const (
	waitRead waitKind = iota + 1
	waitPoll
	waitSelect
	waitEpoll
)

// same tells whether a process's descriptor is our input. A terminal has two names, its own and /dev/tty.
func (w *waits) same(pid, fd int) bool {
	var st unix.Stat_t
	if unix.Stat(fmt.Sprintf("/proc/%d/fd/%d", pid, fd), &st) != nil {
		return false
	}
	if w.is.Mode&unix.S_IFMT == unix.S_IFCHR {
		return st.Mode&unix.S_IFMT == unix.S_IFCHR && (st.Rdev == w.is.Rdev || st.Rdev == unix.Mkdev(5, 0))
	}
	return st.Dev == w.is.Dev && st.Ino == w.is.Ino
}

// maxPolled bounds how many descriptors of one call are looked at.
const maxPolled = 1024

func (w *waits) polled(pid int, at, n uint64) bool {
	const size = 8 // of struct pollfd: int fd; short events, revents
	list := peek(pid, at, size*min(n, maxPolled))
	for ; len(list) >= size; list = list[size:] {
		fd, events := int32(binary.NativeEndian.Uint32(list)), binary.NativeEndian.Uint16(list[4:])
		if fd >= 0 && events&unix.POLLIN != 0 && w.same(pid, int(fd)) {
			return true
		}
	}
	return false
}

func (w *waits) selected(pid int, n, at uint64) bool {
	if at == 0 {
		return false
	}
	set := peek(pid, at, (min(n, maxPolled)+7)/8)
	for i, b := range set {
		for bit := range 8 {
			if b&(1<<bit) != 0 && w.same(pid, i*8+bit) {
				return true
			}
		}
	}
	return false
}

func (w *waits) epolled(pid, fd int) bool {
	text, err := readSmall(fmt.Sprintf("/proc/%d/fdinfo/%d", pid, fd))
	if err != nil {
		return false
	}
	for line := range strings.Lines(text) {
		f := strings.Fields(line) // tfd: 0 events: 19 data: …
		if len(f) < 4 || f[0] != "tfd:" {
			continue
		}
		target, err1 := strconv.Atoi(f[1])
		events, err2 := strconv.ParseUint(f[3], 16, 64)
		if err1 == nil && err2 == nil && events&unix.EPOLLIN != 0 && w.same(pid, target) {
			return true
		}
	}
	return false
}

// peek reads a process's memory.
func peek(pid int, at, n uint64) []byte {
	fd, err := unix.Open(fmt.Sprintf("/proc/%d/mem", pid), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	buf := make([]byte, n)
	got, err := unix.Pread(fd, buf, int64(at))
	if err != nil {
		return nil
	}
	return buf[:got]
}

// readSmall reads a file of /proc in one call.
func readSmall(path string) (string, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	defer unix.Close(fd)
	var buf [4096]byte
	n, err := unix.Read(fd, buf[:])
	if err != nil {
		return "", err
	}
	return string(buf[:n]), nil
}

// numbers lists the entries of a folder that are numbers.
func numbers(dir string) []int {
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	var all []int
	buf := make([]byte, 8192)
	for {
		n, err := unix.ReadDirent(fd, buf)
		if err != nil || n <= 0 {
			return all
		}
		var names []string
		_, _, names = unix.ParseDirent(bytes.Clone(buf[:n]), -1, names)
		for _, name := range names {
			if i, err := strconv.Atoi(name); err == nil {
				all = append(all, i)
			}
		}
	}
}
