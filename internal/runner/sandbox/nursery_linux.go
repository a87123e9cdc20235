package sandbox

import (
	"errors"
	"math"
	"net"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// nurseryName is argv[0] of the process that starts cells.
const nurseryName = "codecollab-nursery"

// nursery is a small process in the user namespace of all cells. Cells are its children, for two reasons. Who makes a user
// namespace while forking must copy all its page tables, and the supervisor's are large; the nursery is in that namespace
// already, and shares its memory with a child until that has become another program. And a cell's process 1 is root there
// only, from its first instruction on.
type nursery struct {
	cmd  *exec.Cmd
	conn *net.UnixConn // one request at a time
}

// startNursery makes the user namespace: with a user for process 1 and one for programs, or, for a supervisor that is plain, with its own user alone.
func startNursery(plain bool) (*nursery, error) {
	conn, theirs, err := socketPair()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	n := &nursery{conn: conn}
	n.cmd = &exec.Cmd{
		Path: "/proc/self/exe", Args: []string{nurseryName}, Env: cellEnv, ExtraFiles: []*os.File{theirs},
		SysProcAttr: &syscall.SysProcAttr{
			Cloneflags: unix.CLONE_NEWUSER, UidMappings: idMap(), GidMappings: idMap(), GidMappingsEnableSetgroups: true,
			Credential: &syscall.Credential{}, Setsid: true,
		},
	}
	if plain {
		n.cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags: unix.CLONE_NEWUSER, UidMappings: onlyID(os.Geteuid()), GidMappings: onlyID(os.Getegid()), Setsid: true,
			AmbientCaps: allCapabilities(), // or a user other than 0 would lose them, in this namespace, with the next program
		}
	}
	if err := n.cmd.Start(); err != nil {
		conn.Close()
		return nil, err
	}
	return n, nil
}

func onlyID(id int) []syscall.SysProcIDMap {
	return []syscall.SysProcIDMap{{ContainerID: programID, HostID: id, Size: 1}}
}

func allCapabilities() []uintptr {
	var all []uintptr
	for c := uintptr(0); c <= unix.CAP_LAST_CAP; c++ {
		all = append(all, c)
	}
	return all
}

var errNurseryGone = errors.New("the process that starts cells is gone")

// start starts process 1 of a cell. files begin with the cell's end of its socket. folder, if not nil, is that of a v2 group in which it is born.
func (n *nursery) start(files []*os.File, folder *os.File) (process, error) {
	req := request{Op: "start"}
	if folder != nil {
		req.Born = true
		files = append(files[:len(files):len(files)], folder)
	}
	if err := send(n.conn, req, files...); err != nil {
		return process{}, errors.Join(errNurseryGone, err)
	}
	var r reply
	got, err := receive(n.conn, &r)
	if err != nil {
		return process{}, errors.Join(errNurseryGone, err)
	}
	if r.Err != "" || len(got) != 1 {
		return process{}, errors.Join(errors.New(r.Err), closeAll(got))
	}
	return handled(r.Pid, got[0]), nil
}

// handled is a process that a descriptor stands for (pidfd_open(2)), so that its number may be given out again without harm.
func handled(pid int, handle *os.File) process {
	var mu sync.Mutex // Kill may come while Close does
	return process{
		pid: pid,
		kill: func() {
			mu.Lock()
			defer mu.Unlock()
			if handle != nil {
				_ = unix.PidfdSendSignal(int(handle.Fd()), unix.SIGKILL, nil, 0)
			}
		},
		wait: func() {
			mu.Lock()
			defer mu.Unlock()
			if handle == nil {
				return
			}
			p := []unix.PollFd{{Fd: int32(handle.Fd()), Events: unix.POLLIN}}
			for {
				if _, err := unix.Poll(p, -1); err != unix.EINTR {
					break
				}
			}
			_ = handle.Close()
			handle = nil
		},
	}
}

func (n *nursery) close() {
	_ = n.conn.Close()
	_ = n.cmd.Process.Kill()
	_ = n.cmd.Wait()
}

// nurse is the nursery's side. It ends with its supervisor; its cells notice that by themselves.
func nurse() {
	_ = unix.CloseRange(socketFD, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC)
	conn, err := connOf(socketFD)
	if err != nil {
		os.Exit(2)
	}
	for {
		var req request
		files, err := receive(conn, &req)
		if err != nil {
			os.Exit(0)
		}
		var folder *os.File
		if given := len(files); req.Born && given > 0 {
			folder = files[given-1]
			files = files[:given-1]
		}
		r, handle := bear(files, folder)
		_ = send(conn, r, handle...)
		_ = closeAll(files)
		_ = closeAll(handle)
		_ = folder.Close() // of none that is an error, and no more
	}
}

// bear starts a cell and gives a descriptor of it.
func bear(files []*os.File, folder *os.File) (reply, []*os.File) {
	cmd := &exec.Cmd{
		Path: "/proc/self/exe", Args: []string{cellName}, Env: cellEnv, ExtraFiles: files,
		SysProcAttr: &syscall.SysProcAttr{
			Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP,
			Setsid:     true,
		},
	}
	if folder != nil {
		cmd.SysProcAttr.UseCgroupFD, cmd.SysProcAttr.CgroupFD = true, int(folder.Fd())
	}
	if err := cmd.Start(); err != nil {
		return reply{Err: err.Error()}, nil
	}
	fd, err := unix.PidfdOpen(cmd.Process.Pid, 0) // before anybody waits for it
	if err != nil {
		_ = cmd.Process.Kill()
	}
	go takeAway(cmd)
	if err != nil {
		return reply{Err: err.Error()}, nil
	}
	return reply{Pid: cmd.Process.Pid}, []*os.File{os.NewFile(uintptr(fd), "cell")}
}

// takeAway waits for the end of a cell's process 1 on a thread that yields to every other. Whoever takes a dead process away waits, spinning in the kernel, for
// those who are taking its /proc apart at the same time; with the priority of a server's threads it would keep them from a processor
// for as long as 20 ms.
func takeAway(cmd *exec.Cmd) {
	runtime.LockOSThread() // and no way back: the thread ends with this goroutine
	_ = unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_IDLE}, 0)
	_ = cmd.Wait()
}

// cellEnv keeps the first process of a cell small: it does little, and never for long.
var cellEnv = []string{"GOMAXPROCS=2", "GOTRACEBACK=none", "GOGC=off", "GOMEMLIMIT=12MiB"}
