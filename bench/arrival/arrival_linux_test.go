package arrival

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// connected gives a connection of the clock, and its other end.
func connected(t *testing.T, c *Clock) (near, far net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if near, err = c.Transport().DialContext(t.Context(), "tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = near.Close() })
	if far, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = far.Close() })
	return near, far
}

// lies waits until bytes lie in the socket.
func lies(t *testing.T, conn net.Conn, bytes int) {
	t.Helper()
	watched, ok := conn.(*byArrival)
	if !ok {
		t.Fatalf("the system does not tell when bytes come: %T", conn)
	}
	err := watched.raw.Read(func(fd uintptr) bool {
		n, err := unix.IoctlGetInt(int(fd), unix.TIOCINQ)
		return err != nil || n >= bytes
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTimeIsThatOfArrivalAndNotOfReading(t *testing.T) {
	clock := &Clock{}
	near, far := connected(t, clock)
	if !clock.Last().IsZero() {
		t.Error("a clock that has seen nothing knows a time")
	}
	for _, text := range []string{"first", "second"} {
		before := time.Now()
		if _, err := far.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		lies(t, near, len(text))
		there := time.Now()
		got := make([]byte, 100)
		n, err := near.Read(got)
		if err != nil || string(got[:n]) != text {
			t.Fatalf("read %q, %v", got[:n], err)
		}
		// Wall clocks: the system knows no other.
		if at := clock.Last().UnixNano(); at < before.UnixNano() || at > there.UnixNano() {
			t.Errorf("%q came %v after it was written, and was there %v after", text, time.Duration(at-before.UnixNano()), there.Sub(before))
		}
	}
}

func TestWatchedConnectionsEndLikeOthers(t *testing.T) {
	near, far := connected(t, &Clock{})
	if n, err := near.Read(nil); n != 0 || err != nil {
		t.Errorf("reading nothing: %d, %v", n, err)
	}
	if err := near.SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := near.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("after the deadline: %v", err)
	}
	if err := near.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	_ = far.Close()
	if _, err := near.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("when the other end is closed: %v", err)
	}
	_ = near.Close()
	if _, err := near.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("when this end is closed: %v", err)
	}
}
