package pool

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"codecollab.dev/internal/run"
	"codecollab.dev/internal/run/piston"
)

// runner is a Piston server that has one language and answers with its name. answer may do something else.
type runner struct {
	*httptest.Server
	name     string
	language string
	capacity int
	answer   atomic.Pointer[func(http.ResponseWriter)]
	down     atomic.Bool
}

func newRunner(t *testing.T, name, language string, capacity int) *runner {
	r := &runner{name: name, language: language, capacity: capacity}
	r.Server = httptest.NewServer(r)
	t.Cleanup(func() { r.CloseClientConnections(); r.Close() })
	return r
}

func (r *runner) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if r.down.Load() {
		http.Error(w, `{"message": "down"}`, http.StatusBadGateway)
		return
	}
	if r.capacity > 0 {
		w.Header().Set("X-Runner-Capacity", fmt.Sprint(r.capacity))
	}
	switch req.URL.Path {
	case "/api/v2/runtimes":
		_ = json.NewEncoder(w).Encode([]piston.Runtime{{Language: r.language, Version: "1.0.0", Aliases: []string{r.language + "-alias"}}})
	case "/api/v2/execute":
		if f := r.answer.Load(); f != nil {
			(*f)(w)
			return
		}
		fmt.Fprintf(w, `{"run": {"stdout": %q, "code": 0}}`, r.name)
	default:
		http.NotFound(w, req)
	}
}

func (r *runner) answers(f func(http.ResponseWriter)) { r.answer.Store(&f) }

func (r *runner) host() Host {
	return Host{Name: r.name, Client: piston.New(func() (string, error) { return r.URL, nil }, func() string { return "" }, slog.New(slog.DiscardHandler))}
}

func newPool(t *testing.T, runners ...*runner) *Pool {
	p := New(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { _ = p.Close() })
	set(p, runners...)
	if _, err := p.Runtimes(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

func set(p *Pool, runners ...*runner) {
	var hosts []Host
	for _, r := range runners {
		hosts = append(hosts, r.host())
	}
	p.Set(hosts)
}

// runs a program and returns the name of the runner that did it.
func runs(t *testing.T, p *Pool, language string) (where string, err error) {
	t.Helper()
	f, err := p.Execute(t.Context(), run.Program{Language: language, Main: "m", Files: []run.File{{Name: "m"}}}, func(e run.Event) { where += e.Data })
	if err == nil && f.Outcome == "failed" {
		where = f.Message
	}
	return where, err
}

func TestLanguagesOfAll(t *testing.T) {
	a, b := newRunner(t, "a", "python", 2), newRunner(t, "b", "go", 2)
	p := newPool(t, a, b)
	all, err := p.Runtimes(t.Context())
	if err != nil || len(all) != 2 {
		t.Errorf("%v %v", all, err)
	}
	for range 5 {
		for language, want := range map[string]string{"python": "a", "go": "b", "go-alias": "b"} {
			if got, err := runs(t, p, language); got != want || err != nil {
				t.Errorf("%s ran on %q (%v)", language, got, err)
			}
		}
	}
}

// The one with the most free capacity is chosen, by what this pool gave it where it does not tell.
func TestFreeCapacity(t *testing.T) {
	a, b := newRunner(t, "a", "python", 1), newRunner(t, "b", "python", 0)
	p := newPool(t, a, b)
	counts := map[string]int{}
	for range 5 {
		m, _ := p.take("python", time.Now())
		counts[m.Name]++
	}
	if counts["a"] != 1 || counts["b"] != 4 {
		t.Errorf("%v; a takes one, and b is guessed to take four", counts)
	}
}

// One that fails is avoided, until it answers again; when there is no other it is tried all the same.
func TestOneThatFails(t *testing.T) {
	a, b := newRunner(t, "a", "python", 100), newRunner(t, "b", "python", 1)
	p := newPool(t, a, b)
	a.answers(func(w http.ResponseWriter) { http.Error(w, `{"message": "broken"}`, http.StatusInternalServerError) })
	if _, err := runs(t, p, "python"); err == nil {
		t.Error("the larger one was not tried")
	}
	if got, err := runs(t, p, "python"); got != "b" || err != nil {
		t.Errorf("the second attempt went to %q (%v)", got, err)
	}
	a.down.Store(true)
	p.probe(t.Context(), p.hosts[0])
	if s := p.Status(); s[0].Answers || !strings.Contains(s[0].Why, "down") || !s[1].Answers {
		t.Errorf("%+v", s)
	}
	set(p, a)
	if _, err := runs(t, p, "python"); err == nil || !strings.Contains(err.Error(), "down") {
		t.Errorf("the only one is not tried: %v", err)
	}
	a.answer.Store(nil)
	a.down.Store(false)
	p.probe(t.Context(), p.hosts[0])
	if s := p.Status(); len(s) != 1 || !s[0].Answers {
		t.Errorf("%+v", s)
	}
	set(p)
	if _, err := runs(t, p, "python"); err == nil {
		t.Error("a pool without runners runs something")
	}
}

// One that is full is passed over; only when all are is it waited.
func TestFullOnes(t *testing.T) {
	a, b := newRunner(t, "a", "python", 100), newRunner(t, "b", "python", 1)
	p := newPool(t, a, b)
	a.answers(func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "1")
		http.Error(w, `{"message": "full"}`, http.StatusTooManyRequests)
	})
	for range 3 {
		if got, err := runs(t, p, "python"); got != "b" || err != nil {
			t.Errorf("ran on %q (%v)", got, err)
		}
	}
	b.down.Store(true)
	p.probe(t.Context(), p.hosts[1])
	if m, pause := p.take("python", time.Now()); m != nil || pause <= 0 || pause > time.Second {
		t.Errorf("%v %v", m, pause)
	}
}

// Programs of a runner that is taken out go on.
func TestOneIsTakenOut(t *testing.T) {
	a, b := newRunner(t, "a", "python", 100), newRunner(t, "b", "python", 1)
	p := newPool(t, a, b)
	begun, goOn := make(chan bool), make(chan bool)
	a.answers(func(w http.ResponseWriter) {
		begun <- true
		<-goOn
		fmt.Fprint(w, `{"run": {"stdout": "a", "code": 0}}`)
	})
	done := make(chan string)
	go func() { where, _ := runs(t, p, "python"); done <- where }()
	<-begun
	set(p, b)
	if got, err := runs(t, p, "python"); got != "b" || err != nil {
		t.Errorf("ran on %q (%v)", got, err)
	}
	close(goOn)
	if got := <-done; got != "a" {
		t.Errorf("the program of the runner that was taken out: %q", got)
	}
}
