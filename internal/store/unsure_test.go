package store

import (
	"bytes"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"codecollab.dev/internal/room"
	"codecollab.dev/internal/servicetest"
	"codecollab.dev/internal/store/engine"
)

// cutter forwards connections to a server. The first time that somebody sends what has mark in it, it waits for the answer, keeps it
// to itself and hangs up.
type cutter struct {
	to   string
	mark []byte
	cut  atomic.Bool
}

func (c *cutter) serve(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", c.to)
		if err != nil {
			client.Close()
			return
		}
		var hangUp atomic.Bool
		go c.pump(server, client, func(data []byte) bool {
			if bytes.Contains(data, c.mark) && c.cut.CompareAndSwap(false, true) {
				hangUp.Store(true)
			}
			return true
		})
		go c.pump(client, server, func([]byte) bool { return !hangUp.Load() })
	}
}

// pump forwards until pass says no.
func (c *cutter) pump(to, from net.Conn, pass func([]byte) bool) {
	defer to.Close()
	defer from.Close()
	for buf := make([]byte, 64<<10); ; {
		n, err := from.Read(buf)
		if err != nil || !pass(buf[:n]) {
			return
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

// The connection goes after the server has committed, and before it could say so: the append is there once, and acknowledged.
func TestAnAppendWhoseAnswerIsLost(t *testing.T) {
	u, err := url.Parse(servicetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := &cutter{to: u.Host, mark: []byte("the one that is lost")}
	go c.serve(l)
	u.Host = l.Addr().String()
	server, err := engine.Dial(t.Context(), u.String())
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Database: server})
	record := func(v int64, text string) []room.Record {
		return []room.Record{{Version: v, At: v, Kind: "edit", Data: []byte(text)}}
	}
	ok(t, s.Create(t.Context(), "a", record(1, "first")))
	ok(t, s.Append(t.Context(), "a", 1, record(2, string(c.mark))))
	if !c.cut.Load() {
		t.Fatal("nothing was lost")
	}
	all, err := s.Read(t.Context(), "a", 0, 10)
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	err = s.Append(t.Context(), "a", 1, record(2, "another"))
	if !room.IsMovedOn(err) {
		t.Errorf("another one at the same version: %v", err)
	}
}

// A database that hangs is not waited for without end; what was sent to it may be there in the end, once.
func TestADatabaseThatHangs(t *testing.T) {
	pg := servicetest.OwnPostgres(t)
	server, err := engine.Dial(t.Context(), pg.URL(pg.Database(t)))
	ok(t, err)
	server.Patience = time.Second
	s := open(t, Options{Database: server})
	record := func(v int64) []room.Record {
		return []room.Record{{Version: v, At: v, Kind: "edit", Data: []byte("it")}}
	}
	ok(t, s.Create(t.Context(), "a", record(1)))
	resume := pg.Pause(t)
	wantCode(t, s.Append(t.Context(), "a", 1, record(2)), "read_only")
	wantCode(t, s.Append(t.Context(), "a", 1, nil), "read_only")
	resume()
	if err := s.Append(t.Context(), "a", 1, record(2)); err != nil && !room.IsMovedOn(err) {
		t.Fatal(err)
	}
	all, err := s.Read(t.Context(), "a", 0, 10)
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
}
