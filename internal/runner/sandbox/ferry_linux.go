package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// ferry stands between a Cell, which speaks with it as with any cell and hands it descriptors, and the keeper of a container, to whom no
// descriptor gets through: it carries what flows through them.
type ferry struct {
	cell   *net.UnixConn
	keeper *net.UnixConn
	frames             // to the keeper
	folder cell        // the supervisor's view of /work: nothing else of it is used
	waits  atomic.Bool // the program waits for input

	mu      sync.Mutex    // guards the rest
	stage   byte          // number of the running one
	taken   chan struct{} // of the running stage; closed when it ends
	with    []*os.File    // ride with the next reply
	streams []*os.File    // of the coming or running stage: input, stdout, stderr
	hush    *os.File      // closing it ends the reading of the running stage's input
}

// newFerry gives the Cell's end. work is the folder that the container has as /work, and owner the programs' user.
func newFerry(keeper *net.UnixConn, work string, owner int) (*net.UnixConn, *ferry, error) {
	conn, theirs, err := socketPair()
	if err != nil {
		return nil, nil, err
	}
	defer theirs.Close()
	ours, err := net.FileConn(theirs)
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	f := &ferry{cell: ours.(*net.UnixConn), keeper: keeper, frames: frames{w: keeper}, folder: cell{place: work, owner: owner}}
	go f.there()
	go f.back()
	return conn, f, nil
}

// there carries what the Cell asks for, until it hangs up.
func (f *ferry) there() {
	defer f.keeper.Close()
	for {
		var req request
		files, err := receive(f.cell, &req)
		if err != nil {
			_ = closeAll(files)
			return
		}
		if err := f.request(req, files); err != nil {
			_ = send(f.cell, reply{Err: err.Error()})
		}
	}
}

func (f *ferry) request(req request, files []*os.File) error {
	switch req.Op {
	case "files":
		_ = send(f.cell, answerOf(f.folder.writeFiles(req.Files)))
		return nil
	case "build":
		dir, err := os.Open(f.folder.place)
		if err != nil {
			return err
		}
		f.ride(dir)
	case "terminal":
		if err := f.terminals(); err != nil {
			return err
		}
	case "stage":
		carry, err := f.begin(files)
		if err != nil {
			return err
		}
		defer carry() // the keeper has to know of the stage first
	}
	return f.writeJSON(frameRequest, req)
}

func answerOf(err error) reply {
	if err != nil {
		return reply{Err: err.Error()}
	}
	return reply{}
}

func (f *ferry) ride(files ...*os.File) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.with = files
}

// terminals makes what the supervisor takes for the masters of two terminals.
func (f *ferry) terminals() error {
	var theirs, ours []*os.File
	for range 2 {
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			return errors.Join(err, closeAll(theirs), closeAll(ours))
		}
		theirs = append(theirs, os.NewFile(uintptr(fds[0]), "terminal"))
		ours = append(ours, os.NewFile(uintptr(fds[1]), "terminal"))
	}
	// In the place of the program's side, at which nobody can look: it tells whether what has been typed is on its way.
	typed, err := copyOf(ours[0])
	if err != nil {
		return errors.Join(err, closeAll(theirs), closeAll(ours))
	}
	f.ride(theirs[0], theirs[1], typed)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.streams = []*os.File{ours[0], ours[0], ours[1]} // the first is read and written
	return nil
}

// copyOf is another descriptor of the same socket, which stays as it is.
func copyOf(f *os.File) (*os.File, error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return nil, err
	}
	fd := -1
	var failed error
	err = raw.Control(func(of uintptr) { fd, failed = unix.FcntlInt(of, unix.F_DUPFD_CLOEXEC, 0) })
	if err = errors.Join(err, failed); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}

// begin makes ready for a stage; what it returns carries the input from then on.
func (f *ferry) begin(files []*os.File) (carry func(), err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(files) == 3 {
		f.streams = files
	}
	if len(f.streams) != 3 {
		return nil, errors.Join(fmt.Errorf("a stage has 3 streams, not %d", len(files)), closeAll(files))
	}
	from, err := copyOf(f.streams[0])
	if err != nil {
		return nil, err
	}
	hushed, hush, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, from.Close())
	}
	f.waits.Store(false)
	f.stage++
	f.taken, f.hush = make(chan struct{}, 1), hush
	stage, taken := f.stage, f.taken
	return func() { go f.input(stage, from, hushed, taken) }, nil
}

// input carries what the program is to read, each piece when the one before has been taken, until it is hushed.
func (f *ferry) input(stage byte, from, hushed *os.File, taken <-chan struct{}) {
	defer from.Close()
	defer hushed.Close()
	piece := make([]byte, 32<<10)
	piece[0] = stage
	for {
		n, err := readUnless(from, hushed, piece[1:])
		if n > 0 {
			if f.write(frameInput, piece[:1+n]) != nil {
				return
			}
			if _, ok := <-taken; !ok {
				return
			}
		}
		if err != nil {
			_ = f.write(frameInput, piece[:1])
			return
		}
	}
}

// readUnless reads, or gives up when somebody has closed the other side of hushed. Whether reading waits is not ours to say: others have the file, too.
func readUnless(from, hushed *os.File, into []byte) (int, error) {
	p := []unix.PollFd{{Fd: int32(from.Fd()), Events: unix.POLLIN}, {Fd: int32(hushed.Fd()), Events: unix.POLLIN}}
	for {
		if _, err := unix.Poll(p, -1); err == unix.EINTR {
			continue
		} else if err != nil {
			return 0, err
		}
		if p[1].Revents != 0 {
			return 0, os.ErrClosed
		}
		n, err := unix.Read(int(p[0].Fd), into)
		switch {
		case err == unix.EAGAIN || err == unix.EINTR:
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

// back carries what the keeper says, until its container is gone.
func (f *ferry) back() {
	defer func() {
		f.end()
		_ = f.cell.Close()
	}()
	for {
		kind, body, err := readFrame(f.keeper)
		if err != nil {
			return
		}
		switch kind {
		case frameTaken:
			f.more()
		case frameWaiting:
			f.waits.Store(len(body) == 1 && body[0] == 1)
		case frameOut:
			f.output(1, body)
		case frameErr:
			f.output(2, body)
		case frameReply:
			var r reply
			if json.Unmarshal(body, &r) != nil {
				return
			}
			f.answer(r)
		}
	}
}

// more lets the next piece of input go.
func (f *ferry) more() {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case f.taken <- struct{}{}:
	default: // the stage is over, or the keeper says more than it should
	}
}

func (f *ferry) output(stream int, data []byte) {
	f.mu.Lock()
	var to *os.File
	if len(f.streams) == 3 {
		to = f.streams[stream]
	}
	f.mu.Unlock()
	if to != nil {
		_, _ = to.Write(data) // if nobody reads any more, the program goes on all the same
	}
}

// answer gives a reply with what is to ride with it. That without anything is a stage's: its streams end.
func (f *ferry) answer(r reply) {
	f.mu.Lock()
	with := f.with
	f.with = nil
	f.mu.Unlock()
	if len(with) == 0 || r.Err != "" {
		f.end()
	}
	if r.Err != "" {
		_ = send(f.cell, r)
	} else {
		_ = send(f.cell, r, with...)
	}
	_ = closeAll(with)
}

func (f *ferry) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = closeAll(f.streams)
	if f.hush != nil {
		_ = f.hush.Close()
	}
	f.streams, f.hush = nil, nil
	if f.taken != nil {
		close(f.taken)
	}
	f.taken = nil
}
