package sandbox

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// thread is one OS thread of a cell's process 1 that has given up everything for good. It is made ahead of need, starts one program and
// ends. It must not live beside a program: who has its user may signal it, and with it all of process 1.
type thread struct {
	ready chan struct{} // closed when it has given up, or failed to
	err   error         // why it failed; read after ready
	work  chan func()
}

func newThread(giveUp func() error) *thread {
	t := &thread{ready: make(chan struct{}), work: make(chan func())}
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		t.err = giveUp()
		close(t.ready)
		for f := range t.work {
			f()
		}
	}()
	return t
}

// do runs f on the thread and waits for it.
func (t *thread) do(f func()) {
	done := make(chan struct{})
	t.work <- func() { defer close(done); f() }
	<-done
}

func (t *thread) end() { close(t.work) }

// lookAs runs f with another user's rights to files and processes, if id is not negative. That suffices to look at what this user's programs
// do, where root lacks the capability, as in a container. Nobody may signal a thread for it.
func lookAs(id int, f func()) {
	if id < 0 {
		f()
		return
	}
	runtime.LockOSThread()
	uid := become(unix.SYS_SETFSUID, id)
	gid := become(unix.SYS_SETFSGID, id)
	f()
	become(unix.SYS_SETFSGID, gid)
	become(unix.SYS_SETFSUID, uid)
	if become(unix.SYS_SETFSUID, -1) == uid && become(unix.SYS_SETFSGID, -1) == gid {
		runtime.UnlockOSThread() // otherwise the thread ends with the goroutine
	}
}

// become changes a user or group of the calling thread, and answers with the former one; see setfsuid(2).
func become(call uintptr, id int) int {
	former, _, _ := unix.RawSyscall(call, uintptr(uint32(id)), 0, 0)
	return int(uint32(former))
}

// giveUp takes from the calling thread its groups, user, capabilities and most system calls, and checks that they
// are gone. Who may not change groups leaves them as they are: in the user namespace of a plain user they say nothing, and a container has none.
func giveUp(f []unix.SockFilter, user int, groups bool) error {
	if groups {
		if err := dropGroups(); err != nil {
			return err
		}
	}
	if err := changeUser(uintptr(user)); err != nil {
		return err
	}
	if err := dropCapabilities(); err != nil {
		return err
	}
	if err := loadFilter(f); err != nil {
		return fmt.Errorf("load the system call filter: %w", err)
	}
	if err := noCapabilities(); err != nil {
		return err
	}
	if e := unix.Unshare(unix.CLONE_NEWUSER); e != unix.EPERM {
		return fmt.Errorf("the system call filter does not hold: unshare answered %v", e)
	}
	return nil
}

// dropGroups takes the calling thread's supplementary groups.
func dropGroups() error {
	if _, _, e := unix.RawSyscall(unix.SYS_SETGROUPS, 0, 0, 0); e != 0 {
		return fmt.Errorf("drop groups: %w", e)
	}
	return nil
}

// changeUser makes the calling thread, and it alone, another user's, and lets no program bring a capability back.
func changeUser(id uintptr) error {
	for cap := range uintptr(64) {
		if _, _, e := unix.RawSyscall(unix.SYS_PRCTL, unix.PR_CAPBSET_DROP, cap, 0); e != 0 {
			break // past the last capability of this kernel
		}
	}
	if _, _, e := unix.RawSyscall(unix.SYS_SETRESGID, id, id, id); e != 0 {
		return fmt.Errorf("change group: %w", e)
	}
	if _, _, e := unix.RawSyscall(unix.SYS_SETRESUID, id, id, id); e != 0 {
		return fmt.Errorf("change user: %w", e)
	}
	return nil
}

// dropCapabilities also makes sure that no program brings any back.
func dropCapabilities() error {
	head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := unix.Capset(&head, &none[0]); err != nil {
		return fmt.Errorf("drop capabilities: %w", err)
	}
	if _, _, e := unix.RawSyscall6(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0); e != 0 {
		return fmt.Errorf("no_new_privs: %w", e)
	}
	return nil
}

func noCapabilities() error {
	head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var have [2]unix.CapUserData
	if err := unix.Capget(&head, &have[0]); err != nil || have != [2]unix.CapUserData{} {
		return fmt.Errorf("capabilities are still there (%v)", err)
	}
	return nil
}
