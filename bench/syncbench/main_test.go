package syncbench

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"testing"
	"time"

	"codecollab.dev/bench/fakeserver"
	"codecollab.dev/internal/text"
)

// beServer, in the environment, makes the test's own binary a fake server, so that there is one to start and kill.
const beServer = "CODECOLLAB_TEST_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(beServer) != "" {
		if err := serveFake(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func serveFake(args []string) error {
	f := flag.NewFlagSet("fake", flag.ContinueOnError)
	addr, data := f.String("addr", "", ""), f.String("data", "", "")
	if err := f.Parse(args); err != nil {
		return err
	}
	s, err := fakeserver.Open(*data)
	if err != nil {
		return err
	}
	return http.ListenAndServe(*addr, s.Handler())
}

// runJSON runs the command with a fake server of its own and returns what it prints.
func runJSON(t *testing.T, args ...string) Result {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(beServer, "1")
	t.Setenv("TMPDIR", t.TempDir())
	var out, progress bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := Main(ctx, append(args, "--json"), &out, &progress, []string{self}); err != nil {
		t.Fatalf("%v\n%s%s", err, progress.String(), out.String())
	}
	var r Result
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	return r
}

func TestLoad(t *testing.T) {
	r := runJSON(t, "--rooms", "2", "--users", "4", "--rate", "20", "--seconds", "2", "--keystrokes", "--replicas", "2")
	if r.Typed < 100 || r.Acknowledged != r.Typed || r.Tokens == 0 || r.P50 <= 0 || r.P99Last < r.P50 || r.BytesPerEdit < 50 {
		t.Errorf("%+v", r)
	}
	if r.Server.RSS == nil || *r.Server.RSS <= 0 {
		t.Errorf("memory: %+v", r.Server)
	}
}

func TestLoadWithKills(t *testing.T) {
	r := runJSON(t, "--rooms", "1", "--users", "4", "--rate", "20", "--seconds", "2", "--kill-every", "400ms")
	if r.Kills < 3 || r.Reconnects < 4 || r.Acknowledged != r.Typed || r.Tokens == 0 {
		t.Errorf("%+v", r)
	}
}

func TestIdle(t *testing.T) {
	r := runJSON(t, "--rooms", "0", "--idle", "50", "--idle-per-room", "5", "--idle-rest", "1ms")
	if r.Idle.Connections != 50 || r.Idle.Lost != 0 || r.Server.RSSIdle == nil {
		t.Errorf("%+v", r.Idle)
	}
}

// TestVerdict checks that the result finds what it is there to find.
func TestVerdict(t *testing.T) {
	count := map[string]int64{}
	countTokens("a«c1:1»«c1:«c1:2»x«c1:1» «", count)
	if count["«c1:1»"] != 2 || count["«c1:2»"] != 1 || len(count) != 2 {
		t.Error(count)
	}
	for _, r := range []Result{{Lost: 1}, {Doubled: 1}, {Diverged: 1}, {Gaps: 1}, {Mismatches: 1}} {
		if r.verdict() == nil {
			t.Errorf("%+v passes", r)
		}
	}
	if err := (&Result{Acknowledged: 9, Tokens: 8, Resyncs: 1, Kills: 3}).verdict(); err != nil {
		t.Error(err)
	}
}

func TestOptions(t *testing.T) {
	for _, bad := range [][]string{{"x"}, {"--rate", "0"}, {"--users", "-1"}, {"--url", "http://a", "--kill-every", "1s"}, {"--kill-every", "1ms"}} {
		if _, err := parseOptions(bad, &bytes.Buffer{}); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	o, err := parseOptions([]string{"--url", "http://a/"}, &bytes.Buffer{})
	if err != nil || o.url != "http://a" || o.seed == 0 {
		t.Errorf("%+v %v", o, err)
	}
}

func TestHistogram(t *testing.T) {
	var h histogram
	for i := range 100_000 {
		h.record(time.Duration(i) * time.Microsecond)
	}
	for _, q := range []float64{.01, .5, .95, .99} {
		want := time.Duration(q*100_000) * time.Microsecond
		if got := h.quantile(q); got < want || got > want+want/16 {
			t.Errorf("quantile %v is %v, want about %v", q, got, want)
		}
	}
	if h.most != 99_999*time.Microsecond || h.quantile(1) != h.most || new(histogram).quantile(.5) != 0 {
		t.Error(h.most, h.quantile(1))
	}
	for d := time.Duration(0); d < 10*time.Hour; d += d/9 + time.Microsecond {
		if i := bucket(d); upper(i) <= d || i > 0 && upper(i-1) > d {
			t.Fatalf("%v is in bucket %d, which ends at %v", d, i, upper(i))
		}
	}
	h.record(time.Duration(1 << 62))
}

// TestOutside checks that no place that a typist takes lies in a token.
func TestOutside(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	doc := text.Of("«c1:1»x«c22:333»«c4:4» 😀 ««c5«")
	for pos := range doc.Len() + 1 {
		at := outside(doc, pos)
		if at == pos {
			continue
		}
		if at > pos || doc.Slice(at, at+1) != "«" && doc.Slice(at, at+2) != "😀" {
			t.Errorf("%d became %d", pos, at)
		}
	}
	ty := &typist{random: random}
	for pos := range doc.Len() + 1 {
		ty.caret = outside(doc, pos)
		if from := ty.erasable(doc); doc.Slice(from, ty.caret) != "" && bytes.ContainsAny([]byte(doc.Slice(from, ty.caret)), "«»:c1234") {
			t.Errorf("at %d it would erase %q", ty.caret, doc.Slice(from, ty.caret))
		}
	}
}
