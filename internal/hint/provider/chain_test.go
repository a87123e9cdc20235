package provider

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"codecollab.dev"
)

var ask = Request{Messages: []Message{{Role: "user", Content: "What is wrong?"}}, MaxTokens: 100}

func options(log *bytes.Buffer) Options {
	return Options{
		First: 2 * time.Second, Whole: 20 * time.Second, Hedge: 0, Wait: 3 * time.Second, Now: time.Now,
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
}

// told is what somebody saw of an answer.
type told struct {
	text     string
	restarts int
	pieces   int
}

func (s *told) on(p Piece) {
	if p.Restart {
		s.text = ""
		s.restarts++
	}
	s.text += p.Text
	s.pieces++
}

func TestAnAnswerInEveryWayThatAStreamCanBeWritten(t *testing.T) {
	lf := opening + piece("Look at ", "") + piece("the löop 👀", "") + piece("", "stop") + usage + done
	ways := map[string]string{
		"LF": lf, "CRLF": strings.ReplaceAll(lf, "\n", "\r\n"), "CR": strings.ReplaceAll(lf, "\n", "\r"),
		"no space after the colon": strings.ReplaceAll(lf, "data: ", "data:"),
		"other fields":             strings.ReplaceAll(lf, "data: ", "event: message\nid: 7\nretry: 10\ndata: "),
		"no last empty line":       strings.TrimRight(lf, "\n"),
		"no DONE":                  strings.TrimSuffix(lf, done),
		"no usage, no finish":      opening + piece("Look at ", "") + piece("the löop 👀", "") + done,
	}
	for name, text := range ways {
		t.Run(name, func(t *testing.T) {
			m := newModel(t, func(_ *model, w http.ResponseWriter, _ *http.Request) { stream(w, text) })
			var log bytes.Buffer
			var seen told
			a, err := New(options(&log), m.endpoint("one")).Ask(t.Context(), ask, seen.on)
			if err != nil || a.Text != "Look at the löop 👀" || seen.text != a.Text || seen.pieces != 2 {
				t.Fatalf("%q, told %+v, %v", a.Text, seen, err)
			}
			if name == "LF" && (a.Usage != Usage{120, 30} || a.Model != "real" || a.First <= 0 || a.Total < a.First) {
				t.Errorf("%+v", a)
			}
			if a.Usage.In == 0 || a.Usage.Out == 0 {
				t.Errorf("usage is not even estimated: %+v", a.Usage)
			}
		})
	}
}

// A stream cut at each of its bytes, so that every piece of it arrives in two packets, reads the same.
func TestAStreamMayBeCutAtEveryByte(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		text := strings.ReplaceAll(opening+piece("a ö👀", "")+piece("b", "")+piece("", "stop")+usage+done, "\n", end)
		for i := 1; i < len(text); i++ {
			var a Answer
			got := ""
			err := a.readStream(&parts{[]string{text[:i], text[i:]}}, func(s string) { got += s })
			if err != nil || got != "a ö👀b" || (a.Usage != Usage{120, 30}) {
				t.Fatalf("cut at %d with %q: %q, %+v, %v", i, end, got, a.Usage, err)
			}
		}
		single := strings.Split(text, "")
		var a Answer
		if err := a.readStream(&parts{single}, func(string) {}); err != nil || a.Text != "a ö👀b" {
			t.Fatalf("byte by byte with %q: %q, %v", end, a.Text, err)
		}
	}
}

type parts struct{ left []string }

func (p *parts) Read(b []byte) (int, error) {
	if len(p.left) == 0 {
		return 0, errors.New("read beyond the end")
	}
	n := copy(b, p.left[0])
	if p.left[0] = p.left[0][n:]; p.left[0] == "" {
		p.left = p.left[1:]
	}
	return n, nil
}

func TestWhatAnEndpointDoesWrongHasAName(t *testing.T) {
	long := strings.Repeat("x", mostLine+10)
	for _, c := range []struct {
		name   string
		way    way
		reason Reason
		status int
	}{
		{"401", refuses(401, "", `{"error":{"message":"Incorrect API key provided: `+secretKey+`"}}`), Refused, 401},
		{"403", refuses(403, "", ""), Refused, 403},
		{"402", refuses(402, "", ""), Refused, 402},
		{"404", refuses(404, "", `{"error":"model 'x' not found"}`), Wrong, 404},
		{"400 with the key", refuses(400, "", `{"error":{"message":"bad header `+secretKey+`"}}`), Wrong, 400},
		{"a redirect", refuses(302, "Location: http://elsewhere.invalid/", ""), Wrong, 302},
		{"429", refuses(429, "Retry-After: 3600", "{}"), Busy, 429},
		{"500", refuses(500, "", "<html>oops</html>"), Broken, 500},
		{"503", refuses(503, "", ""), Broken, 503},
		{"silence after the headers", hangs(), Silent, 0},
		{"silence in the middle", hangs(opening, piece("Look", "")), Silent, 0},
		{"a reset", resets, Unreached, 0},
		{"drop before a word", drops(opening), Dropped, 0},
		{"drop in the middle", drops(opening, piece("Look", "")), Dropped, 0},
		{"an end in the middle", func(_ *model, w http.ResponseWriter, _ *http.Request) { stream(w, opening, piece("Look", "")) }, Dropped, 0},
		{"a bad piece", func(_ *model, w http.ResponseWriter, _ *http.Request) {
			stream(w, opening, "data: {\"choices\":[{\n\n")
		}, Garbled, 0},
		{"an endless line", func(_ *model, w http.ResponseWriter, _ *http.Request) { stream(w, "data: "+long) }, Garbled, 0},
		{"an error in the stream", func(_ *model, w http.ResponseWriter, _ *http.Request) {
			stream(w, opening, `data: {"error":{"message":"overloaded"}}`+"\n\n")
		}, Broken, 0},
		{"no text", func(_ *model, w http.ResponseWriter, _ *http.Request) { stream(w, whole("")) }, Empty, 0},
		{"nothing but white space", func(_ *model, w http.ResponseWriter, _ *http.Request) { stream(w, whole(" \n ")) }, Empty, 0},
		{"nothing at all", func(_ *model, w http.ResponseWriter, _ *http.Request) { stream(w) }, Dropped, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newModel(t, c.way)
			e := m.endpoint("one")
			_, err := newCaller(300*time.Millisecond, 10*time.Second).call(t.Context(), &e, &ask, func(string) {})
			f, ok := errors.AsType[*Failure](err)
			if !ok || f.Reason != c.reason || f.Status != c.status || f.Endpoint != "one" {
				t.Fatalf("%v (%+v)", err, f)
			}
			if strings.Contains(err.Error(), secretKey) {
				t.Errorf("the key is in %q", err)
			}
		})
	}
}

func TestAnAddressWhereNobodyIs(t *testing.T) {
	e := Endpoint{Name: "one", URL: "http://127.0.0.1:1/v1"}
	_, err := newCaller(time.Second, time.Second).call(t.Context(), &e, &ask, func(string) {})
	if f, ok := errors.AsType[*Failure](err); !ok || f.Reason != Unreached {
		t.Fatal(err)
	}
}

func TestAnEnormousAnswerIsCut(t *testing.T) {
	big := strings.Repeat("äb", 5000)
	m := newModel(t, func(m *model, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte(piece(big, ""))); err != nil {
				break
			}
		}
		m.gone.Add(1)
	})
	e := m.endpoint("one")
	a, err := newCaller(time.Second, 20*time.Second).call(t.Context(), &e, &ask, func(string) {})
	if err != nil || !a.Cut || len(a.Text) > mostAnswer || len(a.Text) < mostAnswer-4 || strings.ContainsRune(a.Text, '\uFFFD') {
		t.Fatalf("%d bytes, cut %v, %v", len(a.Text), a.Cut, err)
	}
}

func TestAServerThatDoesNotStream(t *testing.T) {
	m := newModel(t, func(_ *model, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"model":"real","choices":[{"message":{"role":"assistant","content":"Look."},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2}}`))
	})
	e := m.endpoint("one")
	a, err := newCaller(time.Second, time.Second).call(t.Context(), &e, &ask, func(string) {})
	if err != nil || a.Text != "Look." || (a.Usage != Usage{5, 2}) {
		t.Fatalf("%+v, %v", a, err)
	}
}

func TestTheChainGoesOn(t *testing.T) {
	for _, c := range []struct {
		name     string
		first    []way
		asked    int32 // requests to the first
		restarts int
	}{
		{"past a wrong key", []way{refuses(401, "", "")}, 1, 0},
		{"past 429", []way{refuses(429, "Retry-After: 100", "")}, 1, 0},
		{"past 500", []way{refuses(500, "", "")}, 1, 0},
		{"past one that hangs", []way{hangs()}, 1, 0},
		{"past one that breaks off, and begins anew", []way{drops(opening, piece("Loo", ""))}, 1, 1},
		{"past nonsense", []way{func(_ *model, w http.ResponseWriter, _ *http.Request) { stream(w, "data: <html>\n\n") }}, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			one, two := newModel(t, c.first...), newModel(t, says("Look at line 3."))
			var log bytes.Buffer
			opt := options(&log)
			opt.First = 300 * time.Millisecond
			var seen told
			a, err := New(opt, one.endpoint("one"), two.endpoint("two")).Ask(t.Context(), ask, seen.on)
			if err != nil || a.Endpoint.Name != "two" || seen.text != "Look at line 3." || seen.restarts != c.restarts {
				t.Fatalf("%+v, told %+v, %v", a, seen, err)
			}
			if one.asked.Load() != c.asked || !strings.Contains(log.String(), "provider=one") {
				t.Errorf("asked %d times; log: %s", one.asked.Load(), log.String())
			}
			if strings.Contains(log.String(), secretKey) {
				t.Errorf("the key is in the log: %s", log.String())
			}
		})
	}
}

func TestABusyModelIsAskedAgainWhenItSaid(t *testing.T) {
	m := newModel(t, refuses(429, "Retry-After: 1", ""), says("Look."))
	var log bytes.Buffer
	began := time.Now()
	a, err := New(options(&log), m.endpoint("one")).Ask(t.Context(), ask, func(Piece) {})
	if err != nil || a.Text != "Look." {
		t.Fatalf("%+v, %v", a, err)
	}
	if waited := time.Since(began); waited < time.Second {
		t.Errorf("asked again after %v, although it said a second", waited)
	}
}

func TestABusyModelIsNotWaitedForTooLong(t *testing.T) {
	m := newModel(t, refuses(429, "Retry-After: 60", ""))
	var log bytes.Buffer
	c := New(options(&log), m.endpoint("one"))
	for range 2 {
		_, err := c.Ask(t.Context(), ask, func(Piece) {})
		if codecollab.CodeOf(err) != "no_provider" {
			t.Fatal(err)
		}
	}
	if n := m.asked.Load(); n != 1 {
		t.Errorf("asked %d times within the minute that it asked for", n)
	}
}

func TestOneThatFailsForAMomentIsAskedAgain(t *testing.T) {
	m := newModel(t, refuses(502, "", ""), says("Look."))
	var log bytes.Buffer
	if a, err := New(options(&log), m.endpoint("one")).Ask(t.Context(), ask, func(Piece) {}); err != nil || a.Text != "Look." {
		t.Fatalf("%+v, %v", a, err)
	}
}

func TestTheSecondIsAskedWhenTheFirstIsSilent(t *testing.T) {
	one, two := newModel(t, late(30*time.Second, "from one")), newModel(t, says("from two"))
	var log bytes.Buffer
	opt := options(&log)
	opt.Hedge, opt.First = 50*time.Millisecond, 20*time.Second
	var seen told
	began := time.Now()
	a, err := New(opt, one.endpoint("one"), two.endpoint("two")).Ask(t.Context(), ask, seen.on)
	if err != nil || seen.text != "from two" || a.Endpoint.Name != "two" || seen.restarts != 0 {
		t.Fatalf("%+v, %+v, %v", a, seen, err)
	}
	if d := time.Since(began); d > 10*time.Second {
		t.Errorf("it took %v", d)
	}
	until(t, "the first is called off", func() bool { return one.gone.Load() == 1 })
}

func TestTheFirstIsListenedToWhenItSpeaksFirst(t *testing.T) {
	one, two := newModel(t, late(300*time.Millisecond, "from one")), newModel(t, hangs())
	var log bytes.Buffer
	opt := options(&log)
	opt.Hedge = 50 * time.Millisecond
	var seen told
	if _, err := New(opt, one.endpoint("one"), two.endpoint("two")).Ask(t.Context(), ask, seen.on); err != nil || seen.text != "from one" {
		t.Fatalf("%+v, %v", seen, err)
	}
	until(t, "the second is called off", func() bool { return two.gone.Load() == 1 })
}

func TestOneThatFailsOftenIsLeftAlone(t *testing.T) {
	one, two := newModel(t, refuses(500, "", ""), refuses(500, "", ""), refuses(500, "", ""), says("back")), newModel(t, says("two"))
	var log bytes.Buffer
	opt := options(&log)
	now := time.Now()
	opt.Now = func() time.Time { return now }
	c := New(opt, one.endpoint("one"), two.endpoint("two"))
	answer := func() string {
		a, err := c.Ask(t.Context(), ask, func(Piece) {})
		if err != nil {
			t.Fatal(err)
		}
		return a.Text
	}
	for range 6 {
		answer()
	}
	if n := one.asked.Load(); n != failuresMost {
		t.Errorf("asked %d times, and should have been left alone after %d", n, failuresMost)
	}
	if s := c.States()[0]; !s.Rests || !strings.Contains(s.Why, "500") {
		t.Errorf("%+v", s)
	}
	now = now.Add(restFirst + time.Second)
	if text := answer(); text != "back" || c.States()[0].Rests {
		t.Errorf("after its rest: %q, %+v", text, c.States()[0])
	}
}

func TestAnAskerWhoGoesCallsItOff(t *testing.T) {
	m := newModel(t, hangs(opening, piece("Look", "")))
	var log bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	_, err := New(options(&log), m.endpoint("one")).Ask(ctx, ask, func(Piece) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	until(t, "the provider is told", func() bool { return m.gone.Load() == 1 })
	if log.Len() > 0 {
		t.Errorf("a cancelled request is no failure: %s", log.String())
	}
}

func TestWithoutEndpoints(t *testing.T) {
	var log bytes.Buffer
	if _, err := New(options(&log)).Ask(t.Context(), ask, func(Piece) {}); codecollab.CodeOf(err) != "no_provider" {
		t.Fatal(err)
	}
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatal(what + ": never")
}

func TestProvidersAsTheyAreWritten(t *testing.T) {
	keys := func(name string) string { return "key of " + name }
	es, err := Parse(" groq, ollama llama3.2:3b ,http://gpu:8000/v1 meta/qwen 0.5/1.5,openai 1/2", keys)
	if err != nil || len(es) != 4 {
		t.Fatal(es, err)
	}
	if e := es[0]; e.Name != "groq" || !strings.HasPrefix(e.Model, "llama-3") || e.Place() != "api.groq.com" || e.Key() != "key of groq" {
		t.Errorf("%+v", e)
	}
	if e := es[1]; e.Model != "llama3.2:3b" || e.Place() != "127.0.0.1:11434" {
		t.Errorf("%+v", e)
	}
	if e := es[2]; e.Model != "meta/qwen" || e.Name != "gpu:8000" || e.Key() != "key of " || e.PriceIn != 0.5 || e.PriceOut != 1.5 {
		t.Errorf("%+v", e)
	}
	for _, bad := range []string{"grok", "ftp://x/", "http://", "http://u:p@h/v1"} {
		if es, err := Parse(bad, keys); err == nil {
			t.Errorf("%q is taken for %+v", bad, es)
		}
	}
	if es, err := Parse(" , ", keys); err != nil || len(es) != 0 {
		t.Error(es, err)
	}
	a := Answer{Endpoint: &Endpoint{PriceIn: 0.5, PriceOut: 1.5}, Usage: Usage{1000, 100}}
	if a.Cost() != 650 {
		t.Errorf("it costs %d millionths", a.Cost())
	}
}

func TestProbe(t *testing.T) {
	status := http.StatusOK
	m := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/models" || r.Header.Get("Authorization") != "Bearer "+secretKey {
			t.Errorf("%s %v", r.URL, r.Header)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"error":{"message":"no ` + secretKey + `"}}`))
	}))
	defer m.Close()
	e := Endpoint{Name: "one", URL: m.URL + "/v1", Key: func() string { return secretKey }}
	if err := Probe(t.Context(), &e); err != nil {
		t.Error(err)
	}
	for status = range map[int]bool{401: true, 404: true, 500: true} {
		if err := Probe(t.Context(), &e); err == nil || strings.Contains(err.Error(), secretKey) {
			t.Errorf("%d: %v", status, err)
		}
	}
	e.URL = "http://127.0.0.1:1/v1"
	if err := Probe(t.Context(), &e); err == nil {
		t.Error("nobody is there")
	}
}

// A connection is made once: the next question finds it, also when a server ends its answer a little after its last word.
func TestQuestionsShareAConnection(t *testing.T) {
	var made atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		stream(w, opening+piece("Look.", "stop")+done)
		<-time.After(2 * time.Millisecond) // the end of the body comes in a packet of its own
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			made.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	var log bytes.Buffer
	chain := New(options(&log), Endpoint{Name: "one", URL: server.URL, Model: "m"})
	for range 5 {
		if _, err := chain.Ask(t.Context(), ask, func(Piece) {}); err != nil {
			t.Fatal(err)
		}
	}
	if n := made.Load(); n > 2 { // one may be lost where the machine is slow
		t.Errorf("%d connections for 5 questions", n)
	}
}
