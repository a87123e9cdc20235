package redis_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"codecollab.dev/internal/bus"
	"codecollab.dev/internal/bus/bustest"
	"codecollab.dev/internal/bus/redis"
	"codecollab.dev/internal/servicetest"
)

const patience = 20 * time.Second

func open(t *testing.T, url string) *redis.Redis {
	t.Helper()
	r, err := redis.Open(t.Context(), redis.Options{URL: url, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come to this: ", what)
		}
	}
}

func TestConformance(t *testing.T) {
	server := servicetest.Redis(t)
	n := 0
	bustest.Run(t, func(t *testing.T) (here, there bus.Bus) {
		n++ // a database, and so topics, of its own for each test
		url := strings.TrimSuffix(server.URL, "/0") + fmt.Sprintf("/%d", n)
		a, b := open(t, url), open(t, url)
		eventually(t, "both are connected", func() bool { return a.Health().OK && b.Health().OK })
		return a, b
	})
}

// follower counts what it hears and how often it is told to begin anew.
type follower struct {
	mu     sync.Mutex
	heard  map[string]bool
	wholes int
}

func follow(b *redis.Redis, topic string) *follower {
	f := &follower{heard: map[string]bool{}}
	b.Follow(topic, func(m []byte) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.heard[string(m)] = true
	}, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.wholes++
	})
	return f
}

func (f *follower) has(message string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.heard[message]
}

func (f *follower) begun() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.wholes
}

// Whatever happens to Redis, its clients come back, are told that they have missed something, and hear each other again.
func TestItHeals(t *testing.T) {
	server := servicetest.Redis(t)
	breaks := map[string]func(){
		"killed and started": func() { server.Stop(); server.Start() },
		"disconnected":       server.Disconnect,
		"flushed":            server.Flush,
	}
	here, there := open(t, server.URL), open(t, server.URL)
	f := follow(there, "a")
	eventually(t, "following", func() bool { return f.begun() > 0 })
	n := 0
	heals := func(t *testing.T) {
		t.Helper()
		eventually(t, "messages arrive again", func() bool {
			n++
			here.Publish("a", fmt.Append(nil, n))
			return f.has(fmt.Sprint(n - 1))
		})
		if h := there.Health(); !h.OK || h.Since.IsZero() {
			t.Errorf("health %+v", h)
		}
	}
	heals(t)
	for name, happen := range breaks {
		t.Run(name, func(t *testing.T) {
			before := f.begun()
			happen()
			if name != "flushed" { // what is told does not hang on keys
				eventually(t, "told to begin anew", func() bool { return f.begun() > before })
			}
			heals(t)
		})
	}
}

func TestAwayIsSaidAndSlowsNobody(t *testing.T) {
	server := servicetest.Redis(t)
	r := open(t, server.URL)
	f := follow(r, "a")
	eventually(t, "connected", func() bool { return r.Health().OK })
	resume := server.Pause()
	began := time.Now()
	for i := range 100_000 {
		r.Publish("a", fmt.Append(nil, "m", i%100))
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("publishing took %s while Redis hung", took)
	}
	eventually(t, "this node hears itself", func() bool { return f.has("m99") })
	eventually(t, "away", func() bool { return !r.Health().OK })
	if h := r.Health(); h.Why == "" || time.Since(h.Since) > patience {
		t.Errorf("health %+v", h)
	}
	began = time.Now()
	if _, _, err := r.Get(t.Context(), "k"); err == nil || time.Since(began) > time.Second {
		t.Errorf("a value is asked for while Redis is away: %v after %s", err, time.Since(began))
	}
	before := f.begun()
	resume()
	eventually(t, "back", func() bool { return r.Health().OK && f.begun() > before })
}

func TestNobodyThereAtTheStart(t *testing.T) {
	server := servicetest.Redis(t)
	server.Stop()
	r := open(t, server.URL)
	if h := r.Health(); h.OK || h.Why == "" {
		t.Errorf("health %+v", h)
	}
	f := follow(r, "a")
	eventually(t, "told at once to begin", func() bool { return f.begun() > 0 })
	server.Start()
	eventually(t, "connected", func() bool { return r.Health().OK })
	other := open(t, server.URL)
	eventually(t, "heard", func() bool { other.Publish("a", []byte("x")); return f.has("x") })
}

func TestRefusals(t *testing.T) {
	server := servicetest.RedisWithPassword(t, "right-secret")
	bare := strings.Replace(server.URL, ":right-secret@", "", 1)
	for name, c := range map[string]struct{ url, want string }{
		"no address":         {"localhost:6379", "no address of a Redis"},
		"another scheme":     {"http://user:right-secret@localhost", "no address of a Redis"},
		"a slash too many":   {"redis://:right-secret@localhost/0/1", "number of a database"},
		"broken":             {"redis://:right%secret@host", "no address of a Redis"},
		"no password":        {bare, "does not take the password"},
		"wrong password":     {strings.Replace(server.URL, "right", "wrong", 1), "does not take the password"},
		"no such database":   {strings.TrimSuffix(server.URL, "/0") + "/99", "refuses what the address says"},
		"too old":            {oldRedis(t), "too old: it is version 5.0.7"},
		"and the right one!": {server.URL, ""},
	} {
		r, err := redis.Open(t.Context(), redis.Options{URL: c.url, Log: slog.New(slog.DiscardHandler)})
		if r != nil {
			r.Close()
		}
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the password is told: %v", name, err)
		}
	}
}

// oldRedis speaks as Redis 5 does, which is not to be had any more: it knows no HELLO.
func oldRedis(t *testing.T) (url string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go speakOld(c)
		}
	}()
	return "redis://" + l.Addr().String()
}

func speakOld(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		line, err := in.ReadString('\n')
		var parts int
		if _, e := fmt.Sscanf(line, "*%d", &parts); err != nil || e != nil {
			return
		}
		words := make([]string, parts)
		for i := range words {
			var size int
			line, _ := in.ReadString('\n')
			if _, err := fmt.Sscanf(line, "$%d", &size); err != nil {
				return
			}
			word := make([]byte, size+2)
			if _, err := io.ReadFull(in, word); err != nil {
				return
			}
			words[i] = string(word[:size])
		}
		answer := "+OK\r\n"
		switch strings.ToUpper(words[0]) {
		case "HELLO":
			answer = "-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n"
		case "PING":
			answer = "+PONG\r\n"
		case "INFO":
			info := "# Server\r\nredis_version:5.0.7\r\n"
			answer = fmt.Sprintf("$%d\r\n%s\r\n", len(info), info)
		}
		if _, err := io.WriteString(c, answer); err != nil {
			return
		}
	}
}

// The user that docs/operate.md describes may do all that is needed.
func TestAUserWithFewRights(t *testing.T) {
	server := servicetest.Redis(t)
	page, err := os.ReadFile("../../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "\nACL SETUSER ")
	line, _, _ := strings.Cut(rest, "\n")
	if got := server.Command("ACL SETUSER " + line); got != "+OK" {
		t.Fatalf("ACL SETUSER %s: %s", line, got)
	}
	r := open(t, strings.Replace(server.URL, "redis://", "redis://codecollab:password@", 1))
	eventually(t, "connected", func() bool { return r.Health().OK })
	f := follow(r, "a")
	other := open(t, server.URL)
	eventually(t, "heard", func() bool { other.Publish("a", []byte("x")); return f.has("x") })
	g := follow(other, "b")
	eventually(t, "publishes", func() bool { r.Publish("b", []byte("y")); return g.has("y") })
	ctx := t.Context()
	if err := r.Put(ctx, "k", []byte("v"), time.Minute); err != nil {
		t.Error(err)
	}
	if v, ok, err := r.Get(ctx, "k"); string(v) != "v" || !ok || err != nil {
		t.Error(string(v), ok, err)
	}
	if _, err := r.Take(ctx, "n", 1, time.Second); err != nil {
		t.Error(err)
	}
	if _, err := r.Try(ctx, "m", 1, time.Second, time.Second); err != nil {
		t.Error(err)
	}
	if err := r.Drop(ctx, "m"); err != nil {
		t.Error(err)
	}
}
