package fleet

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// pin lets a process, with all threads that it has by now and will have, run on these CPUs only.
func pin(pid int, cpus []int) error {
	var set unix.CPUSet
	for _, c := range cpus {
		set.Set(c)
	}
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/[0-9]*", pid))
	if err != nil {
		return err
	}
	for _, t := range tasks {
		tid, err := strconv.Atoi(filepath.Base(t))
		if err != nil {
			return err
		}
		if err := unix.SchedSetaffinity(tid, &set); err != nil {
			return fmt.Errorf("pin process %d to CPUs %v: %w", pid, cpus, err)
		}
	}
	return nil
}

// PinSelf lets this process run on these CPUs only.
func PinSelf(cpus []int) error { return pin(os.Getpid(), cpus) }
