package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"codecollab.dev/bench/syncclient"
)

// forwarder stands before nodes, as nginx does: a request goes to the first, and to the next when that does not answer or says 503.
type forwarder struct{ nodes []*program }

// RoundTrip implements http.RoundTripper.
func (f *forwarder) RoundTrip(r *http.Request) (res *http.Response, err error) {
	for _, p := range f.nodes {
		out := r.Clone(r.Context())
		out.URL.Host = p.addr
		if res, err = http.DefaultTransport.RoundTrip(out); err == nil && res.StatusCode != http.StatusServiceUnavailable {
			return res, nil
		}
	}
	return res, err
}

func (f *forwarder) start(t *testing.T) string {
	proxy := &httputil.ReverseProxy{Transport: f, FlushInterval: -1, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: "nodes"})
		r.Out.Host = r.In.Host
	}}
	s := httptest.NewServer(proxy)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}

// pauses measures the longest time between two connections of somebody.
type pauses struct {
	mu      sync.Mutex
	left    time.Time
	longest time.Duration
	count   int
}

func (p *pauses) online(joined bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !joined:
		p.left = time.Now()
		p.count++
	case !p.left.IsZero():
		p.longest = max(p.longest, time.Since(p.left))
	}
}

func (p *pauses) moved() (int, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count, p.longest
}

// A node that is stopped hands its people over while they type, and what runs on it ends, or runs again elsewhere: nothing is lost or
// there twice, and nobody waits.
func TestANodeIsDrained(t *testing.T) {
	first, second, _ := twoNodes(t, "--drain-delay=200ms", "--drain-spread=300ms", "--shutdown-timeout=20s")
	url := (&forwarder{[]*program{first, second}}).start(t)
	room, token := first.room("python")
	var people []*person
	var paused []*pauses
	for i := range 4 {
		p := &pauses{}
		config := syncclient.Config{URL: url, Online: p.online}
		if i == 3 {
			config.URL = second.url() // somebody else's node
		}
		people = append(people, first.joinAs(config, room, token, fmt.Sprintf("drained%d", i)))
		paused = append(paused, p)
	}
	ann := people[0]
	ann.set("import time\nfor i in range(30):\n    print('n', i, flush=True)\n    time.sleep(0.1)\n")
	run := ann.run("python")
	ann.until("it prints", func() bool { return strings.Contains(ann.output.String(), "n 3") })

	stop := make(chan struct{})
	var typing sync.WaitGroup
	var typed [4]int
	for i, who := range people {
		typing.Go(func() {
			for ; ; typed[i]++ {
				select {
				case <-stop:
					return
				case <-time.After(40 * time.Millisecond):
					who.append(fmt.Sprintf("# %d.%d.\n", i, typed[i]))
				}
			}
		})
	}
	ann.until("they type", func() bool { return len(ann.events) > 20 })
	first.signal(syscall.SIGTERM)
	eventually(t, "it says that it is not ready", func() bool { return status(first.url()+"/readyz") != http.StatusOK })
	if code := first.exit(); code != 0 {
		t.Errorf("the node ends with %d", code)
	}
	close(stop)
	typing.Wait()
	for _, who := range people {
		who.settle()
	}
	want := people[3].text()
	for i, who := range people {
		eventually(t, "all have the same text", func() bool { return who.text() == want })
		for n := range typed[i] {
			if line := fmt.Sprintf("# %d.%d.\n", i, n); strings.Count(want, line) != 1 {
				t.Errorf("%q is there %d times", line, strings.Count(want, line))
			}
		}
		moves, longest := paused[i].moved()
		if i < 3 && (moves != 1 || longest > 2*time.Second) {
			t.Errorf("person %d was moved %d times, and waited up to %v", i, moves, longest)
		}
		if i == 3 && moves != 0 {
			t.Errorf("somebody on another node was moved %d times", moves)
		}
		t.Logf("person %d typed %d lines and waited %v", i, typed[i], longest)
	}
	f := ann.finish(run)
	if f.Outcome != "exited" || len(f.Output) == 0 || !strings.Contains(f.Output[len(f.Output)-1].Data, "n 29") {
		t.Errorf("the run ended like this: %+v", f)
	}
}

// status is that of an answer; 0: there is none.
func status(url string) int {
	res, err := http.Get(url)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	return res.StatusCode
}
