package syncbench

import (
	"fmt"
	"syscall"
)

// allowFiles raises this process's limit of open files to at least n, for the server that it starts too.
func allowFiles(n uint64) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	if limit.Cur >= n {
		return nil
	}
	limit.Cur = n
	limit.Max = max(limit.Max, n) // beyond the hard limit only root may go
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("this needs %d open files: raise the hard limit (ulimit -Hn): %w", n, err)
	}
	return nil
}
