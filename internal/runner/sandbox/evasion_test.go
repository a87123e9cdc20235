package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/runner/sandbox"
)

// TestFilesOutOfSight fills the disk where nobody would look: with files that have no name any more, and in a folder that is closed.
func TestFilesOutOfSight(t *testing.T) {
	s := start(t, sandbox.Config{Spec: sandbox.Spec{Disk: 4 << 20}})
	for name, script := range map[string]string{
		"removed": `
import os, time
for i in range(50):
    f = os.open("x", os.O_CREAT | os.O_RDWR)
    os.unlink("x")
    os.write(f, b"x" * (3 << 20))
    time.sleep(.02)
print("held", 150)`,
		"closed": `
import os, time
os.mkdir("d")
for i in range(50):
    os.chmod("d", 0o700)
    f = os.open("d/%d" % i, os.O_CREAT | os.O_RDWR)
    os.chmod("d", 0)
    os.write(f, b"x" * (3 << 20))
    time.sleep(.02)
print("held", 150)`,
	} {
		t.Run(name, func(t *testing.T) {
			// Bounds of the kernel make a write fall short, or fail; where somebody looks, the program is ended.
			script = strings.ReplaceAll(script, `os.write(f, b"x" * (3 << 20))`, `assert os.write(f, b"x" * (3 << 20)) == 3 << 20`)
			if o := run(t, s, nil, "python3", "-c", script); o.Code == 0 || o.out != "" {
				t.Errorf("%+v", o)
			}
		})
	}
}

// TestFirstThreadGone: a process whose first thread has ended looks like a zombie, and lives.
func TestFirstThreadGone(t *testing.T) {
	program := compile(t, `
		#include <pthread.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>
		void *work(void *steps) {
			usleep(100000);
			for (int i = 0; i < atoi(steps); i++) { memset(malloc(10 << 20), 1, 10 << 20); usleep(5000); }
			puts("still here"); fflush(stdout);
			for (;;) pause();
		}
		int main(int n, char **args) { pthread_t t; pthread_create(&t, 0, work, args[1]); pthread_exit(0); }`)
	const at = "/opt/program"
	s := start(t, sandbox.Config{Spec: sandbox.Spec{Trees: []sandbox.Tree{{From: program, To: at}}}})
	for steps, want := range map[string]sandbox.Verdict{"1": sandbox.Wall, "60": sandbox.Memory} {
		o := run(t, s, func(st *sandbox.Stage) {
			st.Memory = 128 << 20
			if want == sandbox.Wall {
				st.Wall = time.Second
			}
		}, at, steps)
		if o.Verdict != want {
			t.Errorf("want %s: %+v", want, o)
		}
	}
}

// TestFilesTooDeep hides files where no path leads.
func TestFilesTooDeep(t *testing.T) {
	s := start(t, sandbox.Config{Spec: sandbox.Spec{Disk: 64 << 20, Inodes: 6000}})
	o := run(t, s, nil, "python3", "-c", `
import os, time
for i in range(5000):
    os.mkdir("d")
    os.chdir("d")
while True:
    time.sleep(.05)
    f = os.open("x%f" % time.time(), os.O_CREAT | os.O_RDWR)
    assert os.write(f, b"x" * (1 << 20)) == 1 << 20`)
	if o.Code == 0 || o.Verdict == "" || o.Verdict == sandbox.Wall {
		t.Errorf("%+v", o)
	}
}
