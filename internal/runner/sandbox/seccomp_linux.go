package sandbox

import (
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Offsets into struct seccomp_data, in bytes. Arguments are 64 bits wide, little-endian on both architectures.
const (
	dataNr   = 0
	dataArch = 4
	dataArg0 = 16
	dataArg1 = 24
	dataArg2 = 32
)

const (
	retKill  = unix.SECCOMP_RET_KILL_PROCESS
	retAllow = unix.SECCOMP_RET_ALLOW
	retEPERM = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	retNoSys = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
)

// namespaceFlags are the flags of clone that make a namespace.
const namespaceFlags = unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC |
	unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWTIME

// x32Bit marks a system call of the x32 interface, which shares the audit architecture of amd64.
const x32Bit = 0x40000000

// personalities that may be asked for: Linux, short inodes, 32-bit addresses' layouts and "tell me the present one".
var personalities = []uint32{0, 8, 0x20000, 0x20008, 0xffffffff}

func statement(code uint16, k uint32) unix.SockFilter { return unix.SockFilter{Code: code, K: k} }

func jump(code uint16, k uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_K | code, K: k, Jt: yes, Jf: no}
}

func load(offset uint32) unix.SockFilter {
	return statement(unix.BPF_LD|unix.BPF_W|unix.BPF_ABS, offset)
}

func ret(action uint32) unix.SockFilter { return statement(unix.BPF_RET|unix.BPF_K, action) }

// filter is the program that every untrusted process runs under. What comes first matters: a foreign architecture has
// other numbers, so that letting it reach the lists would turn a refusal into an escape.
func filter(extra ...unix.SockFilter) []unix.SockFilter {
	p := []unix.SockFilter{
		load(dataArch), jump(unix.BPF_JEQ, auditArch, 1, 0), ret(retKill),
		load(dataNr), jump(unix.BPF_JGE, x32Bit, 0, 1), ret(retKill),
		// glibc falls back to clone, whose flags a filter can read, only when clone3 seems not to exist.
		jump(unix.BPF_JEQ, unix.SYS_CLONE3, 0, 1), ret(retNoSys),
	}
	p = append(p, extra...)
	p = append(p, when(unix.SYS_CLONE,
		load(dataArg0), jump(unix.BPF_JSET, namespaceFlags, 0, 1), ret(retEPERM), ret(retAllow))...)
	for _, call := range []uint32{unix.SYS_SOCKET, unix.SYS_SOCKETPAIR} {
		p = append(p, when(call,
			load(dataArg0),
			jump(unix.BPF_JEQ, unix.AF_UNIX, 5, 0), jump(unix.BPF_JEQ, unix.AF_INET, 4, 0),
			jump(unix.BPF_JEQ, unix.AF_INET6, 3, 0), jump(unix.BPF_JEQ, unix.AF_NETLINK, 0, 3),
			load(dataArg2), jump(unix.BPF_JEQ, unix.NETLINK_ROUTE, 0, 1), ret(retAllow), ret(retEPERM))...)
	}
	p = append(p, when(unix.SYS_PERSONALITY, oneOf(dataArg0, personalities...)...)...)
	p = append(p, when(unix.SYS_IOCTL, // both type into the terminal of whoever looks at it
		load(dataArg1), jump(unix.BPF_JEQ, unix.TIOCSTI, 2, 0), jump(unix.BPF_JEQ, unix.TIOCLINUX, 1, 0),
		ret(retAllow), ret(retEPERM))...)
	return append(p, list()...)
}

// strictCalls are for programs in the host's own namespaces: no sockets but connected pairs, no objects of System V, which everybody on the
// host could meet, no hold of other processes' limits and priorities, who may have the same user, and none of the processes themselves.
func strictCalls() []unix.SockFilter {
	var p []unix.SockFilter
	for _, nr := range []uint32{
		unix.SYS_SHMGET, unix.SYS_SHMAT, unix.SYS_SHMCTL, unix.SYS_MSGGET, unix.SYS_MSGSND, unix.SYS_MSGRCV, unix.SYS_MSGCTL,
		unix.SYS_SEMGET, unix.SYS_SEMOP, unix.SYS_SEMTIMEDOP, unix.SYS_SEMCTL, unix.SYS_MQ_OPEN, unix.SYS_MQ_UNLINK, unix.SYS_PIDFD_OPEN,
		unix.SYS_MEMFD_CREATE, // memory that no process has, so that nobody would see who took it
	} {
		p = append(p, when(nr, ret(retNoSys))...)
	}
	for _, nr := range []uint32{unix.SYS_SOCKET, unix.SYS_SETPRIORITY, unix.SYS_IOPRIO_SET} {
		p = append(p, when(nr, ret(retEPERM))...)
	}
	for _, nr := range []uint32{unix.SYS_PRLIMIT64, unix.SYS_SCHED_SETAFFINITY, unix.SYS_SCHED_SETSCHEDULER, unix.SYS_SCHED_SETPARAM, unix.SYS_SCHED_SETATTR} {
		p = append(p, when(nr, load(dataArg0), jump(unix.BPF_JEQ, 0, 1, 0), ret(retEPERM), ret(retAllow))...)
	}
	return p
}

// sharedUserCalls are for programs that have the user of their process 1: they leave its limits alone, and send no signal but by kill(2) and its like,
// after which process 1 knows that a program has sent it. One that tells of itself like a fault would end it.
func sharedUserCalls() []unix.SockFilter {
	p := when(unix.SYS_PRLIMIT64, load(dataArg0), jump(unix.BPF_JEQ, 0, 1, 0), ret(retEPERM), ret(retAllow))
	for _, c := range []struct{ nr, who uint32 }{
		{unix.SYS_KILL, dataArg0}, {unix.SYS_TKILL, dataArg0}, {unix.SYS_TGKILL, dataArg0}, // would change nothing; now it also looks like it
		{unix.SYS_SCHED_SETAFFINITY, dataArg0}, {unix.SYS_SCHED_SETSCHEDULER, dataArg0}, {unix.SYS_SCHED_SETPARAM, dataArg0},
		{unix.SYS_SCHED_SETATTR, dataArg0}, {unix.SYS_SETPRIORITY, dataArg1}, {unix.SYS_IOPRIO_SET, dataArg1},
	} {
		p = append(p, when(c.nr, load(c.who), jump(unix.BPF_JEQ, 1, 0, 1), ret(retEPERM), ret(retAllow))...)
	}
	for _, nr := range []uint32{unix.SYS_RT_SIGQUEUEINFO, unix.SYS_RT_TGSIGQUEUEINFO} {
		p = append(p, when(nr, ret(retEPERM))...)
	}
	p = append(p, when(unix.SYS_FCNTL, load(dataArg1), jump(unix.BPF_JEQ, unix.F_SETSIG, 0, 1), ret(retEPERM), ret(retAllow))...)
	return append(p, when(unix.SYS_PIDFD_SEND_SIGNAL,
		load(dataArg2), jump(unix.BPF_JEQ, 0, 1, 0), ret(retEPERM),
		load(dataArg2+4), jump(unix.BPF_JEQ, 0, 1, 0), ret(retEPERM), ret(retAllow))...)
}

// when runs body, which must end in a return on every way, if the system call is nr.
func when(nr uint32, body ...unix.SockFilter) []unix.SockFilter {
	return append([]unix.SockFilter{jump(unix.BPF_JEQ, nr, 0, uint8(len(body)))}, body...)
}

// oneOf allows a call whose argument at offset is among values.
func oneOf(offset uint32, values ...uint32) []unix.SockFilter {
	p := []unix.SockFilter{load(offset)}
	for _, v := range values {
		p = append(p, jump(unix.BPF_JEQ, v, 0, 1), ret(retAllow))
	}
	return append(p, ret(retEPERM))
}

// list allows allowedSyscalls, as ranges. A call newer than the newest we know does not exist, so that programs take
// their way around it.
func list() []unix.SockFilter {
	nrs := slices.Clone(allowedSyscalls)
	slices.Sort(nrs)
	nrs = slices.Compact(nrs)
	var p []unix.SockFilter
	for i := 0; i < len(nrs); {
		low := nrs[i]
		high := low
		for i++; i < len(nrs) && nrs[i] == high+1; i++ {
			high++
		}
		p = append(p,
			jump(unix.BPF_JGE, low, 1, 0), ret(retEPERM),
			jump(unix.BPF_JGT, high, 1, 0), ret(retAllow))
	}
	return append(p, ret(retNoSys))
}

// loadFilter puts the calling thread, and all it forks, under the filter for ever.
func loadFilter(f []unix.SockFilter) error {
	prog := unix.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	_, _, e := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&prog)))
	if e != 0 {
		return e
	}
	return nil
}
