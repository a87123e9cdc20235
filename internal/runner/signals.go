package runner

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// The real-time signals, as the C library counts them: it keeps the kernel's first two for itself.
const (
	firstRealTime = 34
	lastRealTime  = 64
)

// otherNames are of signals that have two.
var otherNames = map[string]syscall.Signal{"SIGPOLL": unix.SIGIO, "SIGIOT": unix.SIGABRT, "SIGCLD": unix.SIGCHLD}

// signalName is Piston's name of a signal, as in signal(7).
func signalName(s syscall.Signal) string {
	if name := unix.SignalName(s); name != "" {
		return name
	}
	if s == firstRealTime {
		return "SIGRTMIN"
	}
	return fmt.Sprintf("SIGRTMIN%+d", int(s)-firstRealTime)
}

// signalNumber takes a name as in signal(7); unknown names are 0.
func signalNumber(name string) syscall.Signal {
	rest, ok := strings.CutPrefix(name, "SIG")
	if !ok {
		return 0
	}
	if s, ok := otherNames[name]; ok {
		return s
	}
	base := 0
	if after, ok := strings.CutPrefix(rest, "RTMIN"); ok {
		base, rest = firstRealTime, after
	} else if after, ok := strings.CutPrefix(rest, "RTMAX"); ok {
		base, rest = lastRealTime, after
	}
	if base == 0 {
		return unix.SignalNum(name)
	}
	offset, err := strconv.Atoi(rest)
	if n := base + offset; rest == "" || err == nil && n >= firstRealTime && n <= lastRealTime {
		return syscall.Signal(n)
	}
	return 0
}
