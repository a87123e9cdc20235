package doctor

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func machine() []Finding {
	return []Finding{kernel(), memory(), openFiles()}
}

func kernel() Finding {
	var u unix.Utsname
	_ = unix.Uname(&u)
	return Finding{Area: "Machine", Name: "kernel", State: OK, Found: "Linux " + unix.ByteSliceToString(u.Release[:])}
}

func memory() Finding {
	f := Finding{Area: "Machine", Name: "memory", State: OK}
	kib := meminfo()
	total, available := kib["MemTotal"]<<10, kib["MemAvailable"]<<10
	f.Found = fmt.Sprintf("%s, %s of it available", bytes(total), bytes(available))
	if total < 1<<30 {
		f.State, f.Remedy = Weak, "Use a machine with 1 GiB or more: one run of a compiler may take as much (--run-compile-memory)."
	}
	return f
}

func meminfo() map[string]uint64 {
	out := map[string]uint64{}
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return out
	}
	defer file.Close()
	for scan := bufio.NewScanner(file); scan.Scan(); {
		name, rest, _ := strings.Cut(scan.Text(), ":")
		var n uint64
		if _, err := fmt.Sscan(rest, &n); err == nil {
			out[name] = n
		}
	}
	return out
}

// enoughFiles lets ten thousand people be connected.
const enoughFiles = 16_384

func openFiles() Finding {
	f := Finding{Area: "Machine", Name: "open files", State: OK}
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
		f.State, f.Found = Weak, err.Error()
		return f
	}
	f.Found = fmt.Sprintf("up to %d for a process", l.Max) // Go raises the soft limit to the hard one
	if l.Max < enoughFiles {
		f.State = Weak
		f.Remedy = fmt.Sprintf("Raise it to %d or more (in systemd LimitNOFILE=): each person connected takes one.", enoughFiles)
	}
	return f
}

// Clock looks whether something keeps the clock right.
func Clock() Check {
	return func(context.Context) []Finding {
		f := Finding{Area: "Machine", Name: "clock", State: OK}
		var t unix.Timex
		state, err := unix.Adjtimex(&t)
		now := time.Now().UTC().Format("2006-01-02 15:04:05 UTC")
		switch {
		case time.Now().Year() < 2026:
			f.State, f.Found = Bad, now+" is in the past"
			f.Remedy = "Set the clock: times in the history, cookies and sign-in depend on it."
		case err != nil:
			f.State, f.Found = Weak, fmt.Sprintf("%s; whether it is kept right cannot be told: %v", now, err)
		case state == unix.TIME_ERROR || t.Status&unix.STA_UNSYNC != 0:
			f.State, f.Found = Weak, now+", not kept right by anything"
			f.Remedy = "Run a time service (systemd-timesyncd, chrony); in a container or a virtual machine the host's may do, and cannot be seen from here."
		default:
			f.Found = now + ", kept right"
		}
		return []Finding{f}
	}
}

type space struct {
	free   uint64 // bytes that we may use
	total  uint64
	inodes uint64
	kind   string
	remote bool
	memory bool
}

// fileSystems names the kinds that are worth a word; f_type as in statfs(2).
var fileSystems = map[int64]string{
	unix.EXT4_SUPER_MAGIC: "ext4", unix.XFS_SUPER_MAGIC: "xfs", unix.BTRFS_SUPER_MAGIC: "btrfs", unix.OVERLAYFS_SUPER_MAGIC: "overlay",
	unix.TMPFS_MAGIC: "tmpfs", unix.NFS_SUPER_MAGIC: "nfs", unix.SMB2_SUPER_MAGIC: "smb", unix.CIFS_SUPER_MAGIC: "cifs",
	unix.FUSE_SUPER_MAGIC: "fuse", unix.V9FS_MAGIC: "9p", 0x2fc12fc1: "zfs", unix.F2FS_SUPER_MAGIC: "f2fs",
}

func spaceOf(dir string) (space, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return space{}, err
	}
	kind, ok := fileSystems[int64(s.Type)] //nolint:unconvert // its type differs by architecture
	if !ok {
		kind = fmt.Sprintf("a file system of type %#x", s.Type)
	}
	inodes := s.Ffree
	if s.Files == 0 { // some file systems have no fixed number
		inodes = 1
	}
	return space{free: s.Bavail * uint64(s.Bsize), total: s.Blocks * uint64(s.Bsize), inodes: inodes, kind: kind,
		remote: kind == "nfs" || kind == "smb" || kind == "cifs" || kind == "9p", memory: kind == "tmpfs"}, nil
}
