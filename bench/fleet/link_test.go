package fleet

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"
)

// echoing is a server that says back what it hears.
func echoing(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); _ = c.Close() }()
		}
	}()
	return l.Addr().String()
}

func linkTo(t *testing.T, target string, sockets bool) *Link {
	k, err := NewLink(func() []string { return []string{target} }, sockets)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	return k
}

func dialed(t *testing.T, k *Link) net.Conn {
	c, err := net.Dial("tcp", k.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func say(t *testing.T, c net.Conn, s string, within time.Duration) (heard string) {
	t.Helper()
	if _, err := io.WriteString(c, s); err != nil {
		return ""
	}
	_ = c.SetReadDeadline(time.Now().Add(within))
	buf := make([]byte, len(s))
	n, _ := io.ReadFull(c, buf)
	return string(buf[:n])
}

func TestLinkBreaks(t *testing.T) {
	target := echoing(t)
	k := linkTo(t, target, false)
	c := dialed(t, k)
	if got := say(t, c, "one", time.Minute); got != "one" {
		t.Fatalf("heard %q", got)
	}
	k.Hold(target)
	if got := say(t, c, "two", 50*time.Millisecond); got != "" {
		t.Errorf("heard %q while it was held", got)
	}
	k.Release()
	_ = c.SetReadDeadline(time.Now().Add(time.Minute))
	if buf := make([]byte, 3); func() bool { _, err := io.ReadFull(c, buf); return err != nil }() || string(buf) != "two" {
		t.Errorf("heard %q after it", buf)
	}
	if k.HalfOpen(1) != 1 {
		t.Error("nobody to make half-open")
	}
	k.Release()
	if got := say(t, c, "three", 50*time.Millisecond); got != "" {
		t.Errorf("heard %q on a connection that is half-open", got)
	}
	k.Forget()
	k.Shut(target)
	// Whether it is said while connecting or later depends on who is faster.
	if d, err := net.Dial("tcp", k.Addr()); err == nil {
		if got := say(t, d, "four", time.Minute); got != "" {
			t.Errorf("heard %q of one that refuses", got)
		}
		_ = d.Close()
	}
	k.Release()
	if got := say(t, dialed(t, k), "five", time.Minute); got != "five" {
		t.Errorf("heard %q after all", got)
	}
}

// masked is a text frame as a client sends it.
func masked(payload string) []byte {
	mask := []byte{1, 2, 3, 4}
	out := []byte{0x81, 0x80 | 126, byte(len(payload) >> 8), byte(len(payload)), 1, 2, 3, 4}
	for i := range len(payload) {
		out = append(out, payload[i]^mask[i%4])
	}
	return out
}

func TestLinkSaysBatchesTwice(t *testing.T) {
	k := linkTo(t, echoing(t), true)
	k.Twice(1)
	c := dialed(t, k)
	head := "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"
	if got := say(t, c, head, time.Minute); got != head {
		t.Fatalf("heard %q", got)
	}
	ping, batch := masked(`{"t":"ping"}`), masked(`{"t":"batch","seq":1}`)
	sent := append(bytes.Clone(ping), batch...)
	for _, half := range [][]byte{sent[:9], sent[9:]} { // frames do not come in one piece
		if _, err := c.Write(half); err != nil {
			t.Fatal(err)
		}
	}
	want := append(bytes.Clone(sent), batch...)
	got := make([]byte, len(want))
	_ = c.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, want) {
		t.Errorf("heard %q (%v), want %q", got, err, want)
	}
	if n := k.Sockets(k.pick()[0]); n != 1 {
		t.Errorf("%d sockets", n)
	}
}
