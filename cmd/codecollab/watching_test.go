package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"codecollab.dev/bench/syncclient"
)

// collector takes spans as OTLP over HTTP has them.
type collector struct {
	*httptest.Server
	mu    sync.Mutex
	spans []*tracepb.Span
	texts []string // of all attributes, of resources too
}

func newCollector(t *testing.T) *collector {
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		var in coltrace.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(data, &in)
		}
		if err != nil || r.Header.Get("Authorization") != "Bearer of-the-collector" {
			t.Errorf("spans that cannot be read (%v), or the wrong token %q", err, r.Header.Get("Authorization"))
		}
		c.take(&in)
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *collector) take(in *coltrace.ExportTraceServiceRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range in.ResourceSpans {
		c.texts = append(c.texts, r.Resource.String())
		for _, s := range r.ScopeSpans {
			for _, span := range s.Spans {
				c.spans = append(c.spans, span)
				c.texts = append(c.texts, span.String())
			}
		}
	}
}

// find waits for a span of that name which is as wanted.
func (c *collector) find(t *testing.T, name string, want func(*tracepb.Span) bool) *tracepb.Span {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		c.mu.Lock()
		for _, s := range c.spans {
			if s.Name == name && (want == nil || want(s)) {
				c.mu.Unlock()
				return s
			}
		}
		c.mu.Unlock()
	}
	t.Fatalf("there is no span %q", name)
	return nil
}

func within(whole *tracepb.Span) func(*tracepb.Span) bool {
	return func(s *tracepb.Span) bool {
		return string(s.ParentSpanId) == string(whole.SpanId) && string(s.TraceId) == string(whole.TraceId) &&
			s.StartTimeUnixNano <= s.EndTimeUnixNano
	}
}

func attribute(s *tracepb.Span, key string) string {
	for _, a := range s.Attributes {
		if a.Key == key {
			return a.Value.GetStringValue() + strconv.FormatInt(a.Value.GetIntValue(), 10) + strconv.FormatBool(a.Value.GetBoolValue())
		}
	}
	return ""
}

// scrape reads the metrics of a program.
func (p *program) scrape() string {
	p.t.Helper()
	p.says("msg=metrics addr=")
	found := regexp.MustCompile(`msg=metrics addr=(\S+)`).FindStringSubmatch(p.said())
	res, err := http.Get("http://" + found[1] + "/metrics")
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		p.t.Fatalf("metrics: %v, %v", res.Status, err)
	}
	return string(text)
}

// figure is the value of a series; -1 when there is none.
func figure(text, series string) float64 {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, series+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(rest), 64)
			if err == nil {
				return v
			}
		}
	}
	return -1
}

// TestAServerIsWatched uses a server (edits, a run, a hint, a sign-in) and then looks at all by which somebody sees that from outside.
func TestAServerIsWatched(t *testing.T) {
	c := newCollector(t)
	t.Setenv("CODECOLLAB_OTLP_TOKEN", "of-the-collector")
	model := hintServer(t, hintKey)
	p := start(t, "", "--metrics-addr=127.0.0.1:0", "--otlp-url="+c.URL+"/v1/traces", "--otlp-sample=1000", "--log-level=debug",
		"--hint-providers", model.URL+"/v1 m", "--hint-key-file", keyFile(t), "--node=first")
	admin := becomeAdmin(t, p)
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	ann.set("print('geheim' + x)\n")
	ann.settle()
	f := ann.finish(ann.run("python"))
	for range 2 {
		if answer := p.ask(room, token, ann); !strings.Contains(answer, "Where does the name get its value?") {
			t.Fatalf("no hint: %s", answer)
		}
	}
	id, _ := syncclient.Address(room)
	t.Run("metrics", func(t *testing.T) { seenInMetrics(t, p, id) })
	t.Run("traces", func(t *testing.T) { seenInTraces(t, c, id, f.Outcome) })
	t.Run("requests", func(t *testing.T) { requestsHaveNames(t, p, c) })
	t.Run("status", func(t *testing.T) { seenByAdministrators(t, p, admin, token) })
}

func seenInMetrics(t *testing.T, p *program, room string) {
	text := p.scrape()
	for series, least := range map[string]float64{
		`codecollab_edits_total{kind="edit",outcome="accepted"}`: 1, `codecollab_edits_total{kind="run",outcome="accepted"}`: 1,
		`codecollab_edit_durable_seconds_count`: 3, `codecollab_edit_echo_seconds_count`: 3, `codecollab_event_send_seconds_count`: 3,
		`codecollab_edit_stage_seconds_count{stage="append"}`: 3, `codecollab_database_commit_seconds_count`: 4,
		`codecollab_joins_total{kind="first"}`: 1, `codecollab_connections`: 1, `codecollab_people`: 1, `codecollab_rooms_loaded`: 1,
		`codecollab_runs_total{language="python",outcome="exited"}`: 1, `codecollab_run_seconds_count{language="python"}`: 1, `codecollab_run_wait_seconds_count`: 1,
		`codecollab_runner_up{runner="own"}`: 0, `codecollab_runner_capacity{runner="own"}`: 0, `codecollab_database_up`: 1,
		`codecollab_hints_total{outcome="answered",source="model"}`: 2, `codecollab_hint_cache_total{result="miss"}`: 1, `codecollab_hint_cache_total{result="hit"}`: 1,
		`codecollab_hint_first_seconds_count`: 1, `codecollab_sign_ins_total{outcome="ok",way="setup"}`: 1,
		`codecollab_http_requests_total{route="POST /api/v1/rooms",status="201"}`: 1, `codecollab_http_request_seconds_count{route="POST /api/v1/rooms/{room}/hints"}`: 2,
		`codecollab_connection_receive_bytes_total`: 100, `codecollab_connection_transmit_bytes_total`: 100, `codecollab_build_info{node="first",protocol="1",version="dev"}`: 1,
		`process_open_fds`: 5, `go_goroutines`: 5, `codecollab_divergences_total`: 0,
	} {
		if got := figure(text, series); got < least {
			t.Errorf("%s is %v, want at least %v", series, got, least)
		}
	}
	if n := figure(text, "codecollab_divergences_total"); n != 0 {
		t.Errorf("%v divergences", n)
	}
	for _, secret := range []string{room, "annannann", "geheim", "root@example.com"} {
		if strings.Contains(text, secret) {
			t.Errorf("a label has %q", secret)
		}
	}
	promtool(t, text, "check", "metrics")
}

// promtool runs Prometheus's own tool.
func promtool(t *testing.T, in string, args ...string) {
	t.Helper()
	path, err := exec.LookPath("promtool")
	if err != nil {
		if os.Getenv("CI") != "true" {
			t.Skip("there is no promtool: apt-get install prometheus")
		}
		t.Fatal("there is no promtool: apt-get install prometheus, as scripts/setup-debian.sh does")
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Stdin = strings.NewReader(in)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func seenInTraces(t *testing.T, c *collector, room, outcome string) {
	edit := c.find(t, "edit", func(s *tracepb.Span) bool { return strings.HasPrefix(attribute(s, "codecollab.edit.kind"), "edit") })
	for _, stage := range []string{"room.wait", "room.apply", "log.append", "send"} {
		c.find(t, stage, within(edit))
	}
	run := c.find(t, "run", nil)
	if got := attribute(run, "codecollab.run.outcome"); !strings.HasPrefix(got, outcome) {
		t.Errorf("the run ended as %q, its span says %q", outcome, got)
	}
	for _, part := range []string{"run.request", "run.queue", "run.program", "run.result"} {
		c.find(t, part, within(run))
	}
	c.find(t, "runner.running", within(c.find(t, "run.execute", within(run))))
	hint := c.find(t, "POST /api/v1/rooms/{room}/hints", func(s *tracepb.Span) bool {
		return attribute(s, "codecollab.hint.cached") == "0false"
	})
	c.find(t, "hint.facts", within(hint))
	c.find(t, "hint.model", within(hint))
	c.find(t, "POST /api/v1/rooms/{room}/hints", func(s *tracepb.Span) bool { return attribute(s, "codecollab.hint.cached") == "0true" })
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, text := range c.texts {
		for _, secret := range []string{room, "annannann", "geheim", "root@example.com", "Where does the name", hintKey} {
			if strings.Contains(text, secret) {
				t.Errorf("a span has %q: %s", secret, text)
			}
		}
	}
}

// A trusted proxy names requests and begins traces; the log and the answer know the same name.
func requestsHaveNames(t *testing.T, p *program, c *collector) {
	get := func(headers map[string]string) (id, body string) {
		req, err := http.NewRequest("GET", p.url()+"/api/v1/rooms/none-of-this-name", nil)
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range headers {
			req.Header.Set(k, v)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.Header.Get("X-Request-Id"), string(text)
	}
	const traceID = "0af7651916cd43dd8448eb211c80319c"
	id, body := get(map[string]string{"X-Request-Id": "from-the-proxy-1", "Traceparent": "00-" + traceID + "-b7ad6b7169203331-01"})
	if id != "from-the-proxy-1" || !strings.Contains(body, `"request":"from-the-proxy-1"`) {
		t.Errorf("the request is called %q, and its error says %s", id, body)
	}
	p.says("request=from-the-proxy-1")
	c.find(t, "GET /api/v1/rooms/{room}", func(s *tracepb.Span) bool {
		return fmt.Sprintf("%x", s.TraceId) == traceID && fmt.Sprintf("%x", s.ParentSpanId) == "b7ad6b7169203331"
	})
	first, _ := get(nil)
	second, _ := get(map[string]string{"X-Request-Id": "not a name\tat all"})
	if len(first) != 16 || len(second) != 16 || first == second {
		t.Errorf("requests are called %q and %q", first, second)
	}
}

// What administrators see, and nobody else.
func seenByAdministrators(t *testing.T, p *program, admin *browser, guest string) {
	if status, body := p.request("GET", "/api/v1/admin/status", guest, ""); status != http.StatusUnauthorized {
		t.Errorf("a guest gets %d %s", status, body)
	}
	var st struct {
		Node     string
		Nodes    []struct{ Here bool }
		Rooms    struct{ Open, Connections, People int }
		Runners  []struct{ Up bool }
		Database struct {
			Kind string
			Up   bool
		}
		Disk     struct{ Free, Total int64 }
		Models   []struct{ Up bool }
		Problems []struct{ Code string }
	}
	var text []byte
	// A runner that starts is long in looking for its languages where there is little CPU.
	for deadline := time.Now().Add(patience); (len(st.Runners) == 0 || !st.Runners[0].Up) && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		text = fetched(t, admin, p.url()+"/api/v1/admin/status")
		if err := json.Unmarshal(text, &st); err != nil {
			t.Fatal(err)
		}
	}
	if st.Node != "first" || len(st.Nodes) != 1 || !st.Nodes[0].Here || st.Rooms.Open < 1 || st.Rooms.Connections != 1 || st.Rooms.People != 1 ||
		len(st.Runners) != 1 || !st.Runners[0].Up || len(st.Problems) > 0 || st.Database.Kind != "sqlite" || !st.Database.Up || st.Disk.Free <= 0 || len(st.Models) != 1 || !st.Models[0].Up {
		t.Errorf("the status is %s", text)
	}
	if strings.Contains(string(text), "geheim") || strings.Contains(string(text), "annannann") {
		t.Errorf("the status has something of what is in rooms: %s", text)
	}
}

func fetched(t *testing.T, who *browser, url string) []byte {
	t.Helper()
	res, err := who.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %s", url, res.Status, text)
	}
	return text
}

// A collector that is away, and a runner that is, stop nobody; the second is a problem that is named.
func TestWhatIsAwayIsNamed(t *testing.T) {
	p := start(t, "", "--metrics-addr=127.0.0.1:0", "--otlp-url=http://127.0.0.1:1/v1/traces", "--otlp-sample=1000", "--runner-url=http://127.0.0.1:1")
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	ann.append("# a\n")
	ann.settle()
	admin := becomeAdmin(t, p)
	var st struct {
		Problems []struct{ Code, Severity, About, Text, Do string }
	}
	for deadline := time.Now().Add(patience); len(st.Problems) == 0 && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		admin.call("GET", p.url()+"/api/v1/admin/status?problems", nil, &st)
	}
	if len(st.Problems) != 1 || st.Problems[0].Code != "runner_away" || st.Problems[0].Severity != "bad" || st.Problems[0].Do == "" {
		t.Errorf("the problems are %+v", st.Problems)
	}
	if text := p.scrape(); figure(text, `codecollab_problem{code="runner_away",severity="bad"}`) != 1 {
		t.Error("the metrics do not have the problem")
	}
}
