//go:build unix

package runner

import (
	"io/fs"
	"syscall"
)

// inode is the number by which a file system knows a file.
func inode(st fs.FileInfo) uint64 {
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		return uint64(sys.Ino)
	}
	return 0
}
