package runner

import (
	"syscall"
	"testing"
)

func TestSignals(t *testing.T) {
	for name, want := range map[string]syscall.Signal{
		"SIGINT": 2, "SIGKILL": 9, "SIGPOLL": 29, "SIGIO": 29, "SIGIOT": 6, "SIGCLD": 17, "SIGWINCH": 28,
		"SIGRTMIN": 34, "SIGRTMIN+1": 35, "SIGRTMAX": 64, "SIGRTMAX-14": 50,
		"": 0, "SIG": 0, "INT": 0, "sigint": 0, "SIGWHAT": 0, "9": 0, "SIGRTMIN+99": 0, "SIGRTMIN-1": 0, "SIGRTMAX+1": 0, "SIGRTMINx": 0, "SIG0": 0,
	} {
		if got := signalNumber(name); got != want {
			t.Errorf("%q is %d, want %d", name, got, want)
		}
	}
	for n := syscall.Signal(1); n <= 64; n++ {
		if n == 32 || n == 33 { // the C library's own
			continue
		}
		if name := signalName(n); signalNumber(name) != n {
			t.Errorf("signal %d is %q, which is %d", n, name, signalNumber(name))
		}
	}
}
