package gate

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/answer"
)

func testGuard(t *testing.T, next http.HandlerFunc, change ...func(*GuardOptions)) (*Guard, *bytes.Buffer) {
	t.Helper()
	log := &bytes.Buffer{}
	proxies, err := ParseProxies("10.0.0.0/8, 192.0.2.9, fd00::/8")
	if err != nil {
		t.Fatal(err)
	}
	ten := Limit{Person: PerMinute(3), Address: PerMinute(5)}
	opt := GuardOptions{
		Proxies: proxies, BodyBytes: 1000, BodyTime: time.Minute, Log: slog.New(slog.NewTextHandler(log, nil)),
		Limits: NewLimits(LimitOptions{SignIn: ten, Rooms: ten, Joins: ten, Requests: ten,
			Tries: NewAttempts(2, time.Minute, 100, time.Now), Counts: NewBuckets(1000, time.Now)}),
	}
	for _, f := range change {
		f(&opt)
	}
	return NewGuard(opt, next), log
}

func TestWhereARequestComesFrom(t *testing.T) {
	guard, log := testGuard(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, answer.Address(r), " ", answer.HTTPS(r), " ", r.Header.Get("X-Forwarded-For") != "", r.Header.Get("Forwarded") != "")
	})
	for _, c := range []struct{ peer, forwarded, proto, want string }{
		{"203.0.113.5:1", "", "", "203.0.113.5 false false false"},
		{"203.0.113.5:1", "198.51.100.1", "https", "203.0.113.5 false false false"}, // anybody can say so
		{"10.1.2.3:1", "198.51.100.1", "https", "198.51.100.1 true true false"},
		{"10.1.2.3:1", "127.0.0.1, 198.51.100.1", "http", "198.51.100.1 false true false"}, // what the client itself said
		{"10.1.2.3:1", "1.1.1.1, 198.51.100.1, 192.0.2.9", "https", "198.51.100.1 true true false"},
		{"10.1.2.3:1", "198.51.100.1, nonsense", "https", "10.1.2.3 true true false"},
		{"10.1.2.3:1", "198.51.100.1:4711", "https, http", "198.51.100.1 false true false"},
		{"[fd00::1]:1", "2001:db8::7", "https", "2001:db8::7 true true false"},
		{"[::ffff:10.1.2.3]:1", "::ffff:198.51.100.1", "", "198.51.100.1 false true false"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if c.proto != "" {
			r.Header.Set("X-Forwarded-Proto", c.proto)
		}
		w := httptest.NewRecorder()
		guard.ServeHTTP(w, r)
		if w.Body.String() != c.want {
			t.Errorf("%+v is from %q", c, w.Body)
		}
	}
	if n := strings.Count(log.String(), "not among trusted-proxies"); n != 1 {
		t.Errorf("an unknown proxy was told of %d times:\n%s", n, log)
	}
}

func TestOnlyKnownHosts(t *testing.T) {
	names, err := HostNames("https://Code.Example.com/", "other.example", ":8080")
	if err != nil {
		t.Fatal(err)
	}
	loopback, _ := HostNames("", "", "127.0.0.1:8080")
	anywhere, _ := HostNames("", "", ":8080")
	for _, c := range []struct {
		names []string
		host  string
		path  string
		want  int
	}{
		{names, "code.example.com", "/", 200},
		{names, "CODE.example.com.:443", "/", 200},
		{names, "other.example", "/", 200},
		{names, "evil.example", "/", 421},
		{names, "evil.example", "/healthz", 200},
		{names, "code.example.com.evil.example", "/", 421},
		{names, "127.0.0.1:8080", "/", 200}, // an address cannot be made to lead elsewhere
		{loopback, "localhost:8080", "/", 200},
		{loopback, "[::1]:8080", "/", 200},
		{loopback, "evil.example:8080", "/", 421},
		{loopback, "localhost.evil.example", "/", 421},
		{anywhere, "evil.example", "/", 200},
	} {
		guard, _ := testGuard(t, func(http.ResponseWriter, *http.Request) {}, func(o *GuardOptions) { o.Names = c.names })
		r := httptest.NewRequest("GET", c.path, nil)
		r.Host = c.host
		w := httptest.NewRecorder()
		guard.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%v asked for %s%s: %d, want %d", c.names, c.host, c.path, w.Code, c.want)
		}
	}
	for _, bad := range []string{"code.example.com", "ftp://x", "https://"} {
		if _, err := HostNames(bad, "", ""); err == nil {
			t.Errorf("%q is taken for an address", bad)
		}
	}
}

// asks sends a request and returns its status and Retry-After.
func asks(g http.Handler, method, path, from, token string) (int, string) {
	r := httptest.NewRequest(method, path, nil)
	r.RemoteAddr = from
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w.Code, w.Header().Get("Retry-After")
}

func TestEveryClassHasItsLimits(t *testing.T) {
	for _, route := range []struct{ method, path string }{
		{"POST", "/api/v1/auth/password"}, {"GET", "/auth/oidc/x"}, {"POST", "/oauth/token"}, {"POST", "/api/v1/rooms"},
		{"GET", "/api/v1/rooms/red-fox/socket"}, {"GET", "/api/v1/rooms/red-fox/stream"}, {"GET", "/api/v1/me"}, {"GET", "/scim/v2/Users"},
	} {
		guard, _ := testGuard(t, func(http.ResponseWriter, *http.Request) {})
		for i := range 6 {
			want, after := 200, ""
			if i == 5 {
				want, after = 429, "12"
			}
			// Of one network: each from a host of its own.
			if code, retry := asks(guard, route.method, route.path, fmt.Sprintf("[2001:db8:1:2::%d]:1", i+1), ""); code != want || retry != after {
				t.Errorf("%v, the %d. from a network: %d, Retry-After %q", route, i+1, code, retry)
			}
		}
		if code, _ := asks(guard, route.method, route.path, "[2001:db8:1:3::1]:1", ""); code != 200 {
			t.Errorf("%v from another network: %d", route, code)
		}
		for i := range 4 {
			want := 200
			if i == 3 {
				want = 429
			}
			if code, _ := asks(guard, route.method, route.path, fmt.Sprintf("198.51.100.%d:1", i+1), "TOKEN"); code != want {
				t.Errorf("%v, the %d. with a token: %d", route, i+1, code)
			}
		}
		for range 20 {
			if code, _ := asks(guard, route.method, route.path, "127.0.0.1:1", ""); code != 200 {
				t.Fatalf("%v from this machine: %d", route, code)
			}
		}
	}
	guard, _ := testGuard(t, func(http.ResponseWriter, *http.Request) {})
	for range 20 {
		if code, _ := asks(guard, "POST", "/api/v1/rooms/red-fox/stream/x", "198.51.100.1:1", ""); code != 200 {
			t.Fatalf("an edit by POST: %d", code)
		}
	}
}

func TestATooLargeBodyIsRefusedBeforeItIsRead(t *testing.T) {
	guard, _ := testGuard(t, func(w http.ResponseWriter, r *http.Request) {
		var v any
		if err := answer.ReadUpTo(w, r, &v, 1<<20); err != nil {
			answer.Desk{Log: slog.Default()}.Fail(w, r, err)
		}
	})
	s := httptest.NewServer(guard)
	defer s.Close()
	long := `"` + strings.Repeat("x", 2000) + `"`
	for name, body := range map[string]io.Reader{"with its length": strings.NewReader(long), "in chunks": io.MultiReader(strings.NewReader(long))} {
		resp, err := http.Post(s.URL+"/x", "application/json", body)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(text), `"too_large"`) || !strings.Contains(string(text), "1000 bytes") {
			t.Errorf("%s: %d %s", name, resp.StatusCode, text)
		}
	}
}

func TestASlowBodyEndsTheConnection(t *testing.T) {
	guard, _ := testGuard(t, func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "slow", http.StatusBadRequest)
		}
	}, func(o *GuardOptions) { o.BodyTime = 50 * time.Millisecond })
	s := httptest.NewServer(guard)
	defer s.Close()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")
	all, err := io.ReadAll(conn) // ends when the server closes
	if err != nil || !strings.HasPrefix(string(all), "HTTP/1.1 400") {
		t.Errorf("it ended with %v and %q", err, all)
	}
}

// TestALongAnswerMayTakeItsTime has a body that came in time answered long after the deadline.
func TestALongAnswerMayTakeItsTime(t *testing.T) {
	const patience = 30 * time.Millisecond
	guard, _ := testGuard(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		for range 4 {
			select {
			case <-time.After(patience): // the time itself is what is tested
			case <-r.Context().Done():
				t.Error("the request was given up")
				return
			}
			fmt.Fprint(w, "x")
			http.NewResponseController(w).Flush()
		}
	}, func(o *GuardOptions) { o.BodyTime = patience })
	s := httptest.NewServer(guard)
	defer s.Close()
	for range 2 { // the second on the same connection
		resp, err := http.Post(s.URL+"/x", "text/plain", strings.NewReader("abc"))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if string(text) != "xxxx" || err != nil {
			t.Errorf("%q, %v", text, err)
		}
	}
}

func TestOneWhoDoesNotReadIsNotWaitedFor(t *testing.T) {
	ended := make(chan error, 1)
	guard, _ := testGuard(t, func(w http.ResponseWriter, _ *http.Request) {
		part := make([]byte, 1<<20)
		for {
			if _, err := w.Write(part); err != nil {
				ended <- err
				return
			}
		}
	}, func(o *GuardOptions) { o.BodyTime = 50 * time.Millisecond })
	s := httptest.NewServer(guard)
	defer s.Close()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
	<-ended // hangs for ever without a deadline
}

func TestTryingNamesIsSlowedDownWhetherTheyExistOrNot(t *testing.T) {
	guard, _ := testGuard(t, nil)
	l := guard.opt.Limits
	for i, want := range []bool{true, true, false} {
		w := httptest.NewRecorder()
		if err := l.Try(w, "Ann@Example.com"); (err == nil) != want {
			t.Errorf("attempt %d: %v", i+1, err)
		} else if !want && w.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	l.Passed("ann@example.com")
	if err := l.Try(httptest.NewRecorder(), "ANN@example.com"); err != nil {
		t.Errorf("after the right password: %v", err)
	}
}
