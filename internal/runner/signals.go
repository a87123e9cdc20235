package runner

import (
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// signalName is Piston's name of a signal, as in signal(7).
func signalName(s syscall.Signal) string {
	if name := unix.SignalName(s); name != "" {
		return name
	}
	return "SIGRTMIN" // the only ones without a name of their own
}

// signalNumber takes a name as in signal(7); unknown names are 0.
func signalNumber(name string) syscall.Signal {
	if !strings.HasPrefix(name, "SIG") {
		return 0
	}
	return unix.SignalNum(name)
}
