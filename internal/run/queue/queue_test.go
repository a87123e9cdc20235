package queue_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"codecollab.dev/internal/run"
	"codecollab.dev/internal/run/queue"
	"codecollab.dev/internal/servicetest"
	"codecollab.dev/internal/store/engine"
)

type worked struct {
	job     run.Job
	attempt int
}

// place is where a queue is kept, and opens it.
type place func(t testing.TB) *queue.Queue

func log(t testing.TB) *slog.Logger { return slog.New(slog.NewTextHandler(t.Output(), nil)) }

func file(t testing.TB) place {
	name := filepath.Join(t.TempDir(), "queue.db")
	return func(t testing.TB) *queue.Queue {
		t.Helper()
		q, err := queue.Open(t.Context(), name, log(t))
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
}

func database(t testing.TB) place {
	server, err := engine.Dial(t.Context(), servicetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	node := 0
	return func(t testing.TB) *queue.Queue {
		t.Helper()
		node++
		q, err := queue.Postgres(t.Context(), server.Config(queue.Schema), 4, fmt.Sprint("node", node), log(t))
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
}

// both runs a test with each kind of queue.
func both(t *testing.T, f func(t *testing.T, open place)) {
	t.Run("sqlite", func(t *testing.T) { f(t, file(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, database(t)) })
}

func start(t testing.TB, q *queue.Queue, workers int, work func(context.Context, run.Job, int) error) {
	t.Helper()
	if err := q.Start(t.Context(), workers, work); err != nil {
		t.Fatal(err)
	}
}

func put(t testing.TB, q *queue.Queue, j run.Job, rank time.Time) {
	t.Helper()
	if _, err := q.Put(t.Context(), j, rank); err != nil {
		t.Fatal(err)
	}
}

// shut closes with so much time in all.
func shut(t testing.TB, q *queue.Queue, within time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), within)
	defer cancel()
	if err := q.Close(ctx); err != nil {
		t.Error(err)
	}
}

const ample = time.Minute

// next waits for what comes on a channel.
func next[T any](t testing.TB, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(ample):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func TestAJobIsThereOnce(t *testing.T) { both(t, testAJobIsThereOnce) }

func testAJobIsThereOnce(t *testing.T, open place) {
	q := open(t)
	defer shut(t, q, ample)
	begun, end := make(chan worked), make(chan struct{})
	start(t, q, 2, func(_ context.Context, j run.Job, attempt int) error {
		begun <- worked{j, attempt}
		<-end
		return nil
	})
	a, b := run.Job{Room: "r", Run: 1}, run.Job{Room: "r", Run: 2}
	rank := time.Now().Add(-time.Hour)
	put(t, q, a, rank)
	if got := next(t, begun); got != (worked{a, 1}) {
		t.Fatalf("%+v", got)
	}
	put(t, q, a, rank) // it is being worked
	put(t, q, b, rank)
	if got := next(t, begun); got != (worked{b, 1}) {
		t.Fatalf("%+v came instead of b", got)
	}
	close(end)
	if got := putAgain(t, q, a, begun); got != (worked{a, 1}) {
		t.Fatalf("%+v", got)
	}
}

// putAgain puts a job in that has ended, or is about to, until it is worked: a sweep has found that it has no result.
func putAgain(t *testing.T, q *queue.Queue, j run.Job, begun <-chan worked) worked {
	t.Helper()
	for deadline := time.Now().Add(ample); time.Now().Before(deadline); {
		put(t, q, j, time.Now().Add(-time.Hour))
		select {
		case got := <-begun:
			return got
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatal("it does not come again")
	return worked{}
}

func TestTheLowestRankGoesFirst(t *testing.T) { both(t, testTheLowestRankGoesFirst) }

func testTheLowestRankGoesFirst(t *testing.T, open place) {
	q := open(t)
	defer shut(t, q, ample)
	begun, end := make(chan int64), make(chan struct{})
	start(t, q, 1, func(_ context.Context, j run.Job, _ int) error {
		begun <- j.Run
		<-end
		return nil
	})
	base := time.Now().Add(-time.Hour)
	put(t, q, run.Job{Room: "r", Run: 100}, base)
	got := []int64{next(t, begun)} // the worker is busy
	for _, n := range []int64{3, 1, 2, 5, 4} {
		put(t, q, run.Job{Room: "r", Run: n}, base.Add(time.Duration(n)*time.Millisecond))
	}
	for range 5 {
		end <- struct{}{}
		got = append(got, next(t, begun))
	}
	end <- struct{}{}
	if want := []int64{100, 1, 2, 3, 4, 5}; !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
}

func TestAnErrorEndsAJob(t *testing.T) { both(t, testAnErrorEndsAJob) }

func testAnErrorEndsAJob(t *testing.T, open place) {
	q := open(t)
	defer shut(t, q, ample)
	begun := make(chan worked, 10)
	start(t, q, 1, func(_ context.Context, j run.Job, attempt int) error {
		begun <- worked{j, attempt}
		return errors.New("not stored")
	})
	a, b := run.Job{Room: "r", Run: 1}, run.Job{Room: "r", Run: 2}
	put(t, q, a, time.Now().Add(-time.Hour))
	put(t, q, b, time.Now().Add(-time.Hour))
	if x, y := next(t, begun), next(t, begun); x != (worked{a, 1}) || y != (worked{b, 1}) {
		t.Fatalf("%v %v", x, y)
	}
	if got := putAgain(t, q, a, begun); got != (worked{a, 1}) { // anew, not as a second attempt
		t.Fatalf("%+v", got)
	}
}

// What is at work when the queue is closed goes on for a moment.
func TestCloseLetsShortJobsEnd(t *testing.T) { both(t, testCloseLetsShortJobsEnd) }

func testCloseLetsShortJobsEnd(t *testing.T, open place) {
	q := open(t)
	begun, closing, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	start(t, q, 1, func(ctx context.Context, _ run.Job, _ int) error {
		close(begun)
		<-closing
		ended <- ctx.Err()
		return nil
	})
	put(t, q, run.Job{Room: "r", Run: 1}, time.Now().Add(-time.Hour))
	next(t, begun)
	time.AfterFunc(20*time.Millisecond, func() { close(closing) }) // while Close waits
	shut(t, q, ample)
	if err := next(t, ended); err != nil {
		t.Fatal(err)
	}
	q = open(t)
	defer shut(t, q, ample)
	again := make(chan int64)
	start(t, q, 1, func(_ context.Context, j run.Job, _ int) error { again <- j.Run; return nil })
	put(t, q, run.Job{Room: "r", Run: 2}, time.Now().Add(-time.Hour))
	if got := next(t, again); got != 2 {
		t.Fatalf("job %d came again", got)
	}
}

// What needs longer is cancelled, and kept without counting the attempt; so is what waits, and it comes before what is new.
func TestCloseKeepsLongJobs(t *testing.T) { both(t, testCloseKeepsLongJobs) }

func testCloseKeepsLongJobs(t *testing.T, open place) {
	first := time.Now().Add(-time.Hour)
	q := open(t)
	begun := make(chan worked, 10)
	start(t, q, 1, func(ctx context.Context, j run.Job, attempt int) error {
		begun <- worked{j, attempt}
		<-ctx.Done()
		return fmt.Errorf("the runner went away")
	})
	for n := range int64(3) {
		put(t, q, run.Job{Room: "r", Run: n}, first.Add(time.Duration(n)*time.Millisecond))
	}
	next(t, begun)
	shut(t, q, 2*time.Second)

	q = open(t)
	defer shut(t, q, ample)
	put0 := make(chan struct{})
	var all sync.WaitGroup
	all.Add(4)
	start(t, q, 1, func(_ context.Context, j run.Job, attempt int) error {
		<-put0
		begun <- worked{j, attempt}
		all.Done()
		return nil
	})
	put(t, q, run.Job{Room: "s", Run: 9}, time.Now().Add(-time.Hour))
	close(put0)
	all.Wait()
	var got []string
	for range 4 {
		w := next(t, begun)
		got = append(got, fmt.Sprint(w.job.Run, " ", w.attempt))
	}
	slices.Sort(got[:3]) // which of the three was interrupted, and comes last of them, does not matter
	if want := "0 1,1 1,2 1,9 1"; strings.Join(got, ",") != want {
		t.Fatalf("%v, want %s", got, want)
	}
}

// enqueueToStart measures from Put's beginning to the work's, on an idle queue.
func enqueueToStart(t testing.TB, open place, times int) (puts, starts []time.Duration) {
	q := open(t)
	defer shut(t, q, ample)
	begun := make(chan time.Time, 1)
	start(t, q, 2, func(context.Context, run.Job, int) error { begun <- time.Now(); return nil })
	for n := range times {
		at := time.Now()
		put(t, q, run.Job{Room: "r", Run: int64(n)}, at.Add(-time.Hour))
		puts = append(puts, time.Since(at))
		starts = append(starts, next(t, begun).Sub(at))
	}
	slices.Sort(puts)
	slices.Sort(starts)
	return puts, starts
}

// It fails when River polls after all, every 50 ms for notifications or every 5 s for jobs that are due. How long a busy
// machine takes is seen by putting alone: starting is about as much work again.
func TestAJobStartsAtOnce(t *testing.T) { both(t, testAJobStartsAtOnce) }

func testAJobStartsAtOnce(t *testing.T, open place) {
	puts, starts := enqueueToStart(t, open, 40)
	put, start := puts[20], starts[20]
	t.Logf("p50: put %v, started %v", put, start)
	if start > 30*time.Millisecond && start > 8*put {
		t.Fatalf("half of the jobs wait for %v or more, though putting takes %v", start, put)
	}
}

func BenchmarkEnqueueToStart(b *testing.B) {
	for name, at := range map[string]func(testing.TB) place{"sqlite": file, "postgres": database} {
		b.Run(name, func(b *testing.B) {
			_, took := enqueueToStart(b, at(b), max(b.N, 20))
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// A node that dies leaves its jobs to the others, as soon as they know.
func TestJobsOfADeadNode(t *testing.T) {
	open := database(t)
	dead, alive := open(t), open(t) // node1 and node2
	begun, end := make(chan worked), make(chan struct{})
	start(t, dead, 1, func(ctx context.Context, j run.Job, attempt int) error {
		begun <- worked{j, attempt}
		<-end
		return nil
	})
	a := run.Job{Room: "r", Run: 1}
	put(t, dead, a, time.Now().Add(-time.Hour))
	next(t, begun)
	start(t, alive, 1, func(_ context.Context, j run.Job, attempt int) error { begun <- worked{j, attempt}; return nil })
	defer shut(t, alive, ample)
	defer shut(t, dead, ample)
	defer close(end)
	for _, c := range []struct {
		live []string
		want int64
	}{{[]string{"node1", "node2"}, 0}, {[]string{"node2"}, 1}} {
		if n, err := alive.Rescue(t.Context(), c.live); err != nil || n != c.want {
			t.Fatalf("with %v alive %d jobs are taken back, %v", c.live, n, err)
		}
	}
	if got := next(t, begun); got != (worked{a, 2}) {
		t.Errorf("%+v", got)
	}
}

// A queue that is drained lets its jobs go on and takes others in, which it does not begin; another node does.
func TestADrainedQueueBeginsNothing(t *testing.T) {
	open := database(t)
	here, there := open(t), open(t)
	defer shut(t, there, ample)
	begun, end, ended := make(chan worked, 10), make(chan struct{}), make(chan error, 1)
	start(t, here, 2, func(ctx context.Context, j run.Job, attempt int) error {
		begun <- worked{j, attempt}
		<-end
		ended <- ctx.Err()
		return nil
	})
	rank := time.Now().Add(-time.Hour)
	first, second := run.Job{Room: "r", Run: 1}, run.Job{Room: "r", Run: 2}
	put(t, here, first, rank)
	next(t, begun)
	here.Drain()
	put(t, here, second, rank)
	elsewhere := make(chan worked, 10)
	start(t, there, 2, func(_ context.Context, j run.Job, attempt int) error {
		elsewhere <- worked{j, attempt}
		return nil
	})
	if got := next(t, elsewhere); got != (worked{second, 1}) {
		t.Fatalf("the other node works %+v", got)
	}
	close(end)
	if err := next(t, ended); err != nil {
		t.Fatal("what was at work was cut short: ", err)
	}
	shut(t, here, ample)
	if len(begun) > 0 {
		t.Fatalf("%+v was begun after Drain", <-begun)
	}
}
