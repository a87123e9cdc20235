package runbench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTable(t *testing.T) {
	b := &bench{results: map[string]float64{"true.ratio": 7, "python.ratio": 1.25, "true.ms": 3.456}}
	var out bytes.Buffer
	if err := b.print(&out, false); err != nil {
		t.Fatal(err)
	}
	want := "" +
		"python.ratio                   1.25  goal: at most 1.5\n" +
		"true.ms                        3.46\n" +
		"true.ratio                     7.00  goal: at most 6, missed\n"
	if out.String() != want {
		t.Errorf("the table is\n%swant\n%s", &out, want)
	}
}

func TestBurstResults(t *testing.T) {
	ages := func(most int) (a ages) {
		for i := range most {
			arrived := time.Duration(i+1) * time.Millisecond
			a.arrived, a.seen = append(a.arrived, arrived), append(a.seen, 2*arrived)
		}
		return a
	}
	b := &bench{results: map[string]float64{}}
	b.burstResults(ages(100), ages(200), 150, 3*time.Second)
	want := map[string]float64{
		"burst.runs": 150, "burst.seconds": 3, "burst.idle_edits": 100, "burst.edits": 200, "burst.idle_p50_ms": 51, "burst.idle_p99_ms": 100,
		"burst.edit_p50_ms": 101, "burst.edit_p99_ms": 199, "burst.edit_p99_ratio": 1.99,
		"burst.idle_seen_p99_ms": 200, "burst.seen_p99_ms": 398,
	}
	if got := printed(t, b); !maps.Equal(got, want) {
		t.Errorf("printed is %v, want %v", got, want)
	}
}

// TestBurstOfNothing: a burst that was cut off before anyone typed can be printed; JSON has no word for infinity.
func TestBurstOfNothing(t *testing.T) {
	for _, idle := range [][]time.Duration{nil, {0}} {
		b := &bench{results: map[string]float64{}}
		one := []time.Duration{time.Millisecond}
		b.burstResults(ages{idle, idle}, ages{one, one}, 0, time.Second)
		if got := printed(t, b); got["burst.edits"] != 1 {
			t.Errorf("with the idle ages %v: printed is %v", idle, got)
		}
	}
}

func printed(t *testing.T, b *bench) (got map[string]float64) {
	t.Helper()
	var out bytes.Buffer
	if err := b.print(&out, true); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestWhatWasMeasuredIsPrinted: the runner fails in the second comparison, and the first is printed.
func TestWhatWasMeasuredIsPrinted(t *testing.T) {
	runner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.URL.Path == "/api/v2/runtimes":
			fmt.Fprint(w, `[{"language":"bash","version":"5"}]`)
		case strings.Contains(string(body), "/bin/true"):
			fmt.Fprint(w, `{"run":{"code":0}}`)
		default:
			http.Error(w, "on fire", http.StatusServiceUnavailable)
		}
	}))
	defer runner.Close()
	for _, format := range []string{"--json", "--json=false"} {
		var out bytes.Buffer
		err := Main(t.Context(), []string{"--runner", runner.URL, "--seconds", "0.01", format}, &out, io.Discard, "")
		if err == nil || !strings.Contains(err.Error(), "on fire") {
			t.Errorf("%s: the error is %v, want the runner's", format, err)
		}
		for _, key := range []string{"true.ms", "true.bare_ms", "true.ratio", "warm_ms"} {
			if !strings.Contains(out.String(), key) {
				t.Errorf("%s: %s is not in\n%s", format, key, &out)
			}
		}
		if strings.Contains(out.String(), "bash.") {
			t.Errorf("%s: what failed has a result:\n%s", format, &out)
		}
	}
}

// TestNothingMeasured: a program that is not there cannot be a runner.
func TestNothingMeasured(t *testing.T) {
	var out bytes.Buffer
	err := Main(t.Context(), []string{"--json"}, &out, io.Discard, filepath.Join(t.TempDir(), "none"))
	if err == nil || out.String() != "{}\n" {
		t.Errorf("the error is %v, printed is %q", err, &out)
	}
}

func TestQuantile(t *testing.T) {
	all := []time.Duration{5, 1, 4, 2, 3}
	given := slices.Clone(all)
	for q, want := range map[float64]time.Duration{0: 1, .5: 3, .99: 5, 1: 5} {
		if got := quantile(all, q); got != want {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}
	if !slices.Equal(all, given) {
		t.Errorf("quantile has sorted what it was given: %v", all)
	}
}
