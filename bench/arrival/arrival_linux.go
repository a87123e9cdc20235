package arrival

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// watch has the system write down when it gets bytes (socket(7), SO_TIMESTAMPNS; for TCP it is the time of the last segment read).
func (c *Clock) watch(conn net.Conn) net.Conn {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return byReading{conn, c}
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return byReading{conn, c}
	}
	var refused error
	err = raw.Control(func(fd uintptr) {
		refused = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	})
	if err != nil || refused != nil {
		return byReading{conn, c}
	}
	return &byArrival{TCPConn: tcp, raw: raw, clock: c}
}

// byArrival is a connection that reads the times beside the bytes. It has one reader at a time.
type byArrival struct {
	*net.TCPConn
	raw   syscall.RawConn
	clock *Clock
	notes [64]byte // beside the bytes: one timespec, with its header
}

// Read implements net.Conn.
func (c *byArrival) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	var n, notes int
	var failed error
	err := c.raw.Read(func(fd uintptr) bool {
		for {
			n, notes, _, _, failed = unix.Recvmsg(int(fd), p, c.notes[:], 0)
			if !errors.Is(failed, unix.EINTR) {
				return !errors.Is(failed, unix.EAGAIN)
			}
		}
	})
	switch {
	case err != nil:
		return 0, err
	case failed != nil:
		return 0, os.NewSyscallError("recvmsg", failed)
	case n == 0:
		return 0, io.EOF
	}
	at, ok := timeIn(c.notes[:notes])
	if !ok {
		at = time.Now()
	}
	c.clock.last.Store(at.UnixNano())
	return n, nil
}

// timeIn finds the time among what the system has noted.
func timeIn(notes []byte) (time.Time, bool) {
	all, err := unix.ParseSocketControlMessage(notes)
	if err != nil {
		return time.Time{}, false
	}
	for _, m := range all {
		var spec unix.Timespec
		if m.Header.Level != unix.SOL_SOCKET || m.Header.Type != unix.SO_TIMESTAMPNS {
			continue
		}
		if _, err := binary.Decode(m.Data, binary.NativeEndian, &spec); err == nil {
			return time.Unix(spec.Unix()), true
		}
	}
	return time.Time{}, false
}
