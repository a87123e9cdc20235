package runner_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"codecollab.dev/internal/runner"
)

var manyRuns = flag.Int("runs", 200, "how many runs TestManyRuns makes")

// footprint is what a process holds.
type footprint struct {
	left       string // cells, mounts, groups
	fds        int
	goroutines int
	heap       uint64
	resident   int64
}

func measure(t *testing.T) footprint {
	t.Helper()
	left := quiet(t)
	http.DefaultClient.CloseIdleConnections() // which would end by themselves at some time, while compile caches are being made for example
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return footprint{left, len(fds), runtime.NumGoroutine(), m.HeapAlloc, resident(t)}
}

func resident(t *testing.T) int64 {
	t.Helper()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages := int64(0)
	for _, c := range []byte(strings.Fields(string(b))[1]) {
		pages = pages*10 + int64(c-'0')
	}
	return pages * int64(os.Getpagesize())
}

// TestManyRuns: runs of every kind, one after the other and two at a time, leave nothing.
//
//	go test ./internal/runner -run ManyRuns -runs 10000 -timeout 1h
func TestManyRuns(t *testing.T) {
	s, url := serve(t, runner.Options{Pool: 2, Concurrency: 2, Queue: 100})
	if _, err := s.Report(t.Context()); err != nil {
		t.Fatal(err)
	}
	kinds := []func(){
		func() { ok(t, url, program("bash", "echo hi", nil)) },
		func() { ok(t, url, program("bash", "cat", object{"stdin": "x"})) },
		func() { post(t, url, program("bash", "exit 3", nil)) },
		func() { post(t, url, program("bash", "sleep 60 & disown; echo x >/tmp/y; mkfifo z", nil)) },
		func() { post(t, url, program("bash", "sleep 60", object{"run_timeout": 100})) },
		func() { post(t, url, program("bash", "kill -9 $$", nil)) },
		func() { post(t, url, program("bash", "echo 1 >a.csv", object{"collect": true})) },
		func() { post(t, url, program("klingon", "", nil)) },
		func() { post(t, url, "{") },
		func() {
			c := connect(t, url)
			defer c.ws.CloseNow()
			c.say(initial("bash", "read x; echo $x", nil))
			c.types("hi\n")
			c.ends(4999)
		},
		func() {
			c := connect(t, url)
			defer c.ws.CloseNow()
			c.say(initial("bash", "read x; echo $x", object{"pty": true}))
			c.types("hi\n")
			c.ends(4999)
		},
		func() {
			c := connect(t, url)
			c.say(initial("bash", "echo ready; sleep 60", nil))
			c.prints("ready")
			c.ws.CloseNow()
		},
	}
	some := func(n int) {
		var next atomic.Int64
		var workers sync.WaitGroup
		for range 2 {
			workers.Go(func() {
				for i := next.Add(1); i <= int64(n) && !t.Failed(); i = next.Add(1) {
					kinds[int(i)%len(kinds)]()
				}
			})
		}
		workers.Wait()
	}
	some(4 * len(kinds)) // buffers, pools and connections are as large as they will be
	quiet(t)
	before := measure(t)
	start := time.Now()
	some(*manyRuns)
	t.Logf("%d runs in %v", *manyRuns, time.Since(start))
	quiet(t)
	var after footprint
	within(t, time.Minute, "nothing is left", func() string {
		if after = measure(t); after.left != before.left {
			return after.left
		}
		if after.fds > before.fds+2 || after.goroutines > before.goroutines+4 { // the server's ends of connections close a little later
			return fmt.Sprintf("%d descriptors instead of %d, %d goroutines instead of %d", after.fds, before.fds, after.goroutines, before.goroutines)
		}
		return ""
	})
	t.Logf("before %+v", before)
	t.Logf("after  %+v", after)
	if after.heap > before.heap+4<<20 {
		t.Errorf("the heap has grown from %d to %d", before.heap, after.heap)
	}
	if after.resident > before.resident+32<<20 {
		t.Errorf("resident memory has grown from %d to %d", before.resident, after.resident)
	}
}

// TestFloodIsFlat: the runner's memory does not depend on how much a program prints, nor on whether its client reads.
func TestFloodIsFlat(t *testing.T) {
	s, url := serve(t, runner.Options{Pool: 2, MaxOutput: 1 << 40})
	if _, err := s.Report(t.Context()); err != nil {
		t.Fatal(err)
	}
	ok(t, url, program("bash", "echo", nil))
	quiet(t)
	before := measure(t)
	var most atomic.Int64
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
				most.Store(max(most.Load(), resident(t)))
			}
		}
	})
	_, a := post(t, url, program("bash", "yes", object{"run_timeout": 10_000}))
	if a.Run.Verdict == "" || a.Run.Truncated == nil || a.Run.Truncated.Stdout < 50<<20 {
		t.Errorf("%s, %+v", words(a.Run), a.Run.Truncated)
	}
	idle := dial(t, url) // reads nothing until its program is over
	idle.say(initial("bash", "yes", object{"run_timeout": 3000}))
	quiet(t)
	idle.until(exited)
	close(done)
	watching.Wait()
	t.Logf("resident: %d MiB before, at most %d MiB", before.resident>>20, most.Load()>>20)
	if most.Load() > before.resident+48<<20 {
		t.Errorf("memory has grown by %d MiB", (most.Load()-before.resident)>>20)
	}
}
