package schedule

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// slicesOf gives the slices of all threads of a process that have the usual policy.
func slicesOf(t *testing.T, process string) map[time.Duration]int {
	t.Helper()
	threads, err := os.ReadDir("/proc/" + process + "/task")
	if err != nil {
		t.Fatal(err)
	}
	all := map[time.Duration]int{}
	for _, one := range threads {
		id, _ := strconv.Atoi(one.Name())
		a, err := unix.SchedGetAttr(id, 0)
		if err != nil {
			t.Fatal(err)
		}
		if a.Policy == unix.SCHED_NORMAL {
			all[time.Duration(a.Runtime)]++
		}
	}
	return all
}

func TestThreadsAndChildrenGetTheSlice(t *testing.T) {
	usual := slicesOf(t, "self")
	if usual[0] > 0 {
		t.Skip("this kernel has no slices to ask for (Linux 6.12 has)")
	}
	if usual[Short] > 0 {
		t.Fatalf("threads have short slices already: %v", usual)
	}
	if err := Slice(Short); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = Slice(Usual) })
	if now := slicesOf(t, "self"); len(now) != 1 || now[Short] == 0 {
		t.Errorf("slices of this process: %v", now)
	}
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	if now := slicesOf(t, strconv.Itoa(child.Process.Pid)); now[Short] != 1 {
		t.Errorf("slices of its child: %v", now)
	}
	if err := Slice(Usual); err != nil {
		t.Fatal(err)
	}
	if now := slicesOf(t, "self"); now[Short] > 0 {
		t.Errorf("slices are still short: %v", now)
	}
}

func TestIdleThreadsAreLeftAlone(t *testing.T) {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and no way back
		done <- unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_IDLE}, 0)
		id := unix.Gettid()
		<-done
		a, err := unix.SchedGetAttr(id, 0)
		if err == nil && a.Policy != unix.SCHED_IDLE {
			t.Errorf("its policy is now %d", a.Policy)
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = Slice(Usual) })
	if err := Slice(Short); err != nil {
		t.Fatal(err)
	}
	done <- nil
	if err := <-done; err != nil {
		t.Error(err)
	}
}
