package sandbox_test

import (
	"testing"

	"codecollab.dev/internal/runner/sandbox"
)

// TestProcess1Stays: whatever signals a program sends to process 1 of its cell, also such as look like faults, and whatever limits it wants to set
// there, it ends by itself, and the cell serves its next stage. Where a plain user is the supervisor, both have the same user.
func TestProcess1Stays(t *testing.T) {
	if tierHere() == "landlock" {
		t.Skip("elsewhere process 1 is the host's own")
	}
	program := compile(t, `
		#define _GNU_SOURCE
		#include <fcntl.h>
		#include <signal.h>
		#include <stdio.h>
		#include <string.h>
		#include <sys/resource.h>
		#include <sys/socket.h>
		#include <sys/syscall.h>
		#include <sys/time.h>
		#include <unistd.h>
		int main() {
			for (int sig = 1; sig < 65; sig++) {
				if (sig == 32 || sig == 33) continue;
				kill(1, sig);
				for (int tid = 1; tid < 12; tid++) syscall(SYS_tkill, tid == getpid() ? 1 : tid, sig == SIGKILL || tid == getpid() ? SIGSTOP : sig);
				siginfo_t forged;
				memset(&forged, 0, sizeof forged);
				forged.si_signo = sig;
				forged.si_code = SI_QUEUE;
				syscall(SYS_rt_sigqueueinfo, 1, sig, &forged);
				syscall(SYS_rt_tgsigqueueinfo, 1, 1, sig, &forged);
				int fd = syscall(SYS_pidfd_open, 1, 0);
				syscall(SYS_pidfd_send_signal, fd, sig, &forged, 0);
				syscall(SYS_pidfd_send_signal, fd, sig, 0, 0);
				close(fd);
				int pair[2];
				socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
				fcntl(pair[0], F_SETSIG, sig);
				fcntl(pair[0], F_SETOWN, 1);
				fcntl(pair[0], F_SETFL, O_ASYNC);
				write(pair[1], "x", 1);
				close(pair[0]);
				close(pair[1]);
			}
			struct rlimit none = {0, 0};
			for (int what = 0; what < 16; what++) syscall(SYS_prlimit64, 1, what, &none, 0);
			char path[64];
			for (int i = 1; i < 12; i++) {
				if (i == getpid()) continue;
				for (const char **name = (const char *[]){"mem", "environ", "oom_score_adj", "fd/3", 0}; *name; name++) {
					snprintf(path, sizeof path, "/proc/%d/%s", i, *name);
					if (open(path, O_RDWR) >= 0 || open(path, O_RDONLY) >= 0) { puts(path); return 1; }
				}
			}
			return 7;
		}`)
	const at = "/opt/program"
	s := start(t, sandbox.Config{Spec: sandbox.Spec{Trees: []sandbox.Tree{{From: program, To: at}}}})
	c, err := s.Acquire(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if o := stage(t, t.Context(), c, nil, at); o.Code != 7 || o.out != "" {
		t.Errorf("%+v", o)
	}
	if o := stage(t, t.Context(), c, nil, "echo", "next"); o.out != "next\n" {
		t.Errorf("%+v", o)
	}
}
