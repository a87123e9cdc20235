package schedule

import (
	"errors"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Slice asks for slices of d for all threads of this process; threads and processes that these start later have them too.
// Threads with a real-time or idle policy are left alone. Older kernels take it and do nothing.
func Slice(d time.Duration) error {
	var errs []error
	for done := map[int]bool{}; ; {
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		before := len(done)
		for _, t := range threads {
			id, err := strconv.Atoi(t.Name())
			if done[id] {
				continue
			}
			done[id] = true
			if err == nil {
				err = slice(id, d)
			}
			if !errors.Is(err, unix.ESRCH) { // it has ended
				errs = append(errs, err)
			}
		}
		// Once more for those that others had started before it was their turn.
		if len(done) == before {
			return errors.Join(errs...)
		}
	}
}

func slice(thread int, d time.Duration) error {
	a, err := unix.SchedGetAttr(thread, 0)
	if err != nil || a.Policy != unix.SCHED_NORMAL {
		return err
	}
	a.Size, a.Runtime = unix.SizeofSchedAttr, uint64(d.Nanoseconds())
	return unix.SchedSetAttr(thread, a, 0)
}
