package desk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/hint"
	"codecollab.dev/internal/hint/cache"
	"codecollab.dev/internal/hint/desk"
	"codecollab.dev/internal/hint/provider"
	"codecollab.dev/internal/store"
)

// engine knows one thing about every program: the compiler complains about line 3.
type engine struct{ asked atomic.Int32 }

func (e *engine) Facts(_ context.Context, a hint.Ask) (hint.Findings, error) {
	e.asked.Add(1)
	fact := hint.Fact{Source: hint.SourceInterpreter, File: a.Program, Line: 3, Category: hint.OffByOne, Message: "IndexError: list index out of range", Confidence: 0.9}
	return hint.Findings{
		Facts:    []hint.Fact{fact},
		Suspects: []hint.Suspect{{File: a.Program, Line: 3, Category: hint.OffByOne, Reason: "The index passes the end of the list.", Confidence: 0.95}},
	}, nil
}

// house is a desk with a real chain to a model on loopback, a real cache and a real store.
type house struct {
	*desk.Desk
	t      *testing.T
	engine *engine
	store  *store.Store
	calls  atomic.Int32
	gone   atomic.Int32

	mu      sync.Mutex
	prompts []string
	answer  func(w http.ResponseWriter, r *http.Request)
}

func newHouse(t *testing.T, change ...func(*desk.Options)) *house {
	t.Helper()
	h := &house{t: t, engine: &engine{}, answer: says("LINE: 3\nKIND: off-by-one\nHINT: How far does the loop go, and how long is the list?\n")}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Messages []provider.Message }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		h.mu.Lock()
		text := ""
		for _, m := range in.Messages {
			text += m.Content + "\n"
		}
		h.prompts = append(h.prompts, text)
		answer := h.answer
		h.mu.Unlock()
		h.calls.Add(1)
		answer(w, r)
		if r.Context().Err() != nil {
			h.gone.Add(1)
		}
	}))
	t.Cleanup(model.Close)
	var err error
	if h.store, err = store.Open(t.Context(), store.Options{Dir: t.TempDir(), Log: log}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.store.Close() })
	opt := desk.Options{
		Engine: h.engine, Cache: cache.NewMemory(1<<20, time.Now), Store: h.store, Keep: time.Hour, FactsTime: 5 * time.Second, FactsKept: 100, CodeMost: 4000, AnswerTokens: 300,
		Workers: 2, PersonMost: 2, PersonMinute: 100, Day: desk.DayLimits{Person: 1e6, Room: 1e6, Server: 1e6}, RecordsMost: 100, Log: log, Now: time.Now,
		Model: provider.New(provider.Options{First: 5 * time.Second, Whole: 20 * time.Second, Wait: time.Second, Log: log, Now: time.Now},
			provider.Endpoint{Name: "loop", URL: model.URL + "/v1", Model: "llama-test"}),
	}
	for _, c := range change {
		c(&opt)
	}
	h.Desk = desk.New(opt)
	t.Cleanup(func() { h.Desk.Close() })
	return h
}

func (h *house) say(answer func(http.ResponseWriter, *http.Request)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = answer
}

// says streams a text, a few letters at a time.
func says(text string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for chunk := range slices.Chunk([]rune(text), 5) {
			word, _ := json.Marshal(string(chunk))
			fmt.Fprintf(w, "data: {\"choices\":[{\"delta\":{\"content\":%s}}]}\n\n", word)
			w.(http.Flusher).Flush()
		}
		fmt.Fprint(w, "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":500,\"completion_tokens\":40}}\n\ndata: [DONE]\n\n")
	}
}

const program = "xs = [1, 2, 3]\nfor i in range(len(xs) + 1):\n    print(xs[i])\n"

func question(person string) desk.Question {
	return desk.Question{Room: "r", Person: person, Speech: "en", Ask: hint.Ask{
		Language: "python", Files: []hint.File{{Name: "main.py", Text: program}}, Program: "main.py", Caret: 2, Level: hint.LevelPlace, Kind: hint.KindHint,
	}}
}

// seen is what an asker was told.
type seen struct {
	text   string
	states []string
	line   int
	pieces []desk.Piece
}

func (s *seen) on(p desk.Piece) {
	s.pieces = append(s.pieces, p)
	if p.State != "" {
		s.states = append(s.states, p.State)
	}
	if p.State == "again" {
		s.text = ""
	}
	s.text += p.Text
	s.line = max(s.line, p.Line)
}

func (h *house) ask(q desk.Question) (desk.Answer, seen) {
	h.t.Helper()
	var s seen
	a, err := h.Ask(h.t.Context(), q, s.on)
	if err != nil {
		h.t.Fatal(err)
	}
	return a, s
}

// records waits until all of so many are written.
func (h *house) records(n int) []desk.Record {
	h.t.Helper()
	h.Close()
	all, err := h.Records(h.t.Context(), "r", 0, 200)
	if err != nil || len(all) != n {
		h.t.Fatalf("%d records, want %d: %+v, %v", len(all), n, all, err)
	}
	return all
}

func TestAModelsHintStreamsAndIsCached(t *testing.T) {
	h := newHouse(t)
	a, s := h.ask(question("ann"))
	if a.Source != "model" || a.Model != "llama-test" || !strings.HasPrefix(a.Place, "127.0.0.1:") || a.Line != 3 || a.Category != hint.OffByOne || a.Cached {
		t.Errorf("%+v", a)
	}
	if strings.TrimSpace(s.text) != a.Text || a.Text != "How far does the loop go, and how long is the list?" || s.line != 3 || strings.Join(s.states, " ") != "facts model" {
		t.Errorf("told %+v of %q", s, a.Text)
	}
	if len(s.pieces) < 6 {
		t.Errorf("it does not stream: %+v", s.pieces)
	}
	q := question("ben")
	q.Ask.Files[0].Text = strings.ReplaceAll(program, "\n", "  \r\n") + "\n\n"
	q.Ask.Caret = 1 // where they are makes no difference
	b, s := h.ask(q)
	if !b.Cached || b.Text != a.Text || b.Line != 3 || b.ID == a.ID || h.calls.Load() != 1 || h.engine.asked.Load() != 1 || len(s.states) != 0 {
		t.Errorf("the second: %+v, %d calls, told %+v", b, h.calls.Load(), s)
	}
	all := h.records(2)
	slices.SortFunc(all, func(a, b desk.Record) int { return strings.Compare(a.Person, b.Person) })
	if r := all[0]; r.Person != "ann" || r.Outcome != "answered" || r.TokensIn != 500 || r.TokensOut != 40 || len(r.To) != 1 || !strings.HasSuffix(r.To[0], " llama-test") {
		t.Errorf("%+v", r)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, part := range []string{"IndexError", "3|     print(xs[i])"} {
		if !strings.Contains(h.prompts[0], part) || !strings.Contains(all[0].Sent, part) {
			t.Errorf("%q is missing in what left, or in what was written down of it:\n%s\n----\n%s", part, h.prompts[0], all[0].Sent)
		}
	}
	if r := all[1]; !r.Cached || r.Sent != "" || len(r.To) != 0 || r.TokensIn != 0 {
		t.Errorf("nothing left for the second: %+v", r)
	}
}

func TestWhatMakesAnotherKey(t *testing.T) {
	h := newHouse(t)
	h.ask(question("ann"))
	for name, change := range map[string]func(*desk.Question){
		"the level":                        func(q *desk.Question) { q.Ask.Level = 1 },
		"the kind":                         func(q *desk.Question) { q.Ask.Kind = hint.KindExplain },
		"the line that is to be explained": func(q *desk.Question) { q.Ask.Kind, q.Ask.Caret = hint.KindExplain, 1 },
		"the speech":                       func(q *desk.Question) { q.Speech = "de" },
		"the language":                     func(q *desk.Question) { q.Ask.Language = "python2" },
		"the code":                         func(q *desk.Question) { q.Ask.Files[0].Text += "x = 1\n" },
		"the run": func(q *desk.Question) {
			q.Ask.Run = &hint.LastRun{Stage: "run", Outcome: "exited", Code: 1, Output: "boom"}
		},
	} {
		before := h.calls.Load()
		q := question("ann")
		change(&q)
		if a, _ := h.ask(q); a.Cached || h.calls.Load() != before+1 {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestThirtyStudentsCostOneCall(t *testing.T) {
	h := newHouse(t)
	open := make(chan struct{})
	answer := h.answer
	h.say(func(w http.ResponseWriter, r *http.Request) { <-open; answer(w, r) })
	var all sync.WaitGroup
	var cached atomic.Int32
	for i := range 30 {
		all.Go(func() {
			var s seen
			a, err := h.Ask(t.Context(), question(fmt.Sprint("student", i)), s.on)
			if err != nil || a.Text == "" || strings.TrimSpace(s.text) != a.Text && !a.Cached {
				t.Errorf("%+v, told %q, %v", a, s.text, err)
			}
			if a.Cached {
				cached.Add(1)
			}
		})
	}
	until(t, "the model is asked", func() bool { return h.calls.Load() == 1 })
	close(open)
	all.Wait()
	if h.calls.Load() != 1 || h.engine.asked.Load() != 1 || cached.Load() != 29 {
		t.Errorf("%d calls, %d times looked into, %d cached", h.calls.Load(), h.engine.asked.Load(), cached.Load())
	}
	tokens := 0
	for _, r := range h.records(30) {
		tokens += r.TokensIn + r.TokensOut
	}
	if tokens != 540 {
		t.Errorf("%d tokens for all", tokens)
	}
}

func TestLevelsBelowThePlaceDoNotShowIt(t *testing.T) {
	h := newHouse(t)
	for level := 1; level <= 4; level++ {
		q := question("ann")
		q.Ask.Level = level
		a, s := h.ask(q)
		if shows := level >= hint.LevelPlace; (a.Line != 0) != shows || (s.line != 0) != shows || (a.Category != "") != shows {
			t.Errorf("level %d: %+v, told %+v", level, a, s)
		}
	}
}

func TestNonsenseIsNotShownKeptOrCharged(t *testing.T) {
	long := strings.Repeat("Sure! Here is what I think about it. ", 100)
	for name, text := range map[string]string{
		"chatter": long, "JSON": `{"line": 3, "hint": "x"}`, "no hint": "LINE: 3\nKIND: off-by-one\n", "a line that is not there": "LINE: 400\nKIND: other\nHINT: Look there.\n",
		"an empty hint": "LINE: 3\nKIND: other\nHINT: \n", "a hint first": "HINT: look\nLINE: 3\n",
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, func(o *desk.Options) { o.Day.Person = 1200 })
			h.say(says(text))
			for range 4 { // charged, the limit would stop the last ones
				a, s := h.ask(question("ann"))
				if a.Source != hint.SourceGrounded || !hasNote(a, "nonsense") || s.text != "" || a.Cached {
					t.Fatalf("%+v, told %q", a, s.text)
				}
			}
			if h.calls.Load() != 4 {
				t.Errorf("%d calls: nonsense was kept", h.calls.Load())
			}
		})
	}
}

func TestACancelledQuestion(t *testing.T) {
	h := newHouse(t)
	started := make(chan struct{}, 1)
	h.say(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "data: {\"choices\":[{\"delta\":{\"content\":\"LINE: 3\\nKIND: off-by-one\\nHINT: Look at the\"}}]}\n\n")
		w.(http.Flusher).Flush()
		started <- struct{}{}
		<-r.Context().Done()
	})
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-started; cancel() }()
		if _, err := h.Ask(ctx, question("ann"), func(desk.Piece) {}); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	until(t, "the model is told", func() bool { return h.gone.Load() == 3 })
	h.say(says("LINE: 3\nKIND: off-by-one\nHINT: Look.\n"))
	if a, _ := h.ask(question("ann")); a.Source != "model" || a.Cached {
		t.Errorf("%+v", a)
	}
	until(t, "all is written", func() bool {
		all, err := h.Records(t.Context(), "r", 0, 10)
		n := 0
		for _, r := range all {
			if r.Outcome == "cancelled" && r.Sent != "" && r.TokensIn+r.TokensOut == 0 {
				n++
			}
		}
		return err == nil && n == 3
	})
	spent, err := h.store.SpentTokens(t.Context(), time.Now().UTC().Format(time.DateOnly), "person:ann")
	if err != nil || spent != 540 {
		t.Errorf("%d tokens are charged, %v", spent, err)
	}
}

func TestWhatMayNotLeaveDoesNot(t *testing.T) {
	h := newHouse(t)
	q := question("ann")
	q.Ask.Files[0].Text = "key = 'ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a'\n# no-ai-begin\nmargin = 17\n# no-ai-end\nprint(xs[3])\n"
	q.Ask.Run = &hint.LastRun{Stage: "run", Outcome: "exited", Code: 1, Output: "line 3, in <module>\n    margin = 17\n"}
	a, _ := h.ask(q)
	h.mu.Lock()
	sent := strings.Join(h.prompts, "")
	h.mu.Unlock()
	if strings.Contains(sent, "16C7") || strings.Contains(sent, "margin") || sent == "" {
		t.Errorf("it left:\n%s", sent)
	}
	if !hasNote(a, "secrets") || !hasNote(a, "kept") {
		t.Errorf("the asker is not told: %+v", a.Notes)
	}
	q.Ask.Files[0].Text = "# no-ai\n" + program
	if a, _ := h.ask(q); a.Source != hint.SourceGrounded || !hasNote(a, "no_ai") || h.calls.Load() != 1 {
		t.Errorf("%+v", a)
	}
	q.Ask.Files[0].Text = "a\x00b"
	if _, err := h.Ask(t.Context(), q, func(desk.Piece) {}); codecollab.CodeOf(err) != "hint_binary" {
		t.Error(err)
	}
}

func TestALongProgramIsAWindow(t *testing.T) {
	h := newHouse(t)
	q := question("ann")
	q.Ask.Files[0].Text = strings.Repeat("a line that says nothing\n", 1000)
	q.Ask.Caret = 500
	if n := note(first(h.ask(q)), "window"); n == nil || n.First != 1 || n.Last > 200 { // where the facts point
		t.Errorf("%+v", n)
	}
	q.Ask.Kind = hint.KindExplain
	a, _ := h.ask(q)
	if n := note(a, "window"); n == nil || n.Of != 1000 || n.First > 500 || n.Last < 500 || n.Last-n.First > 200 {
		t.Errorf("%+v", a.Notes)
	}
}

func TestAnErrorIsExplainedFromFactsAtItsPlace(t *testing.T) {
	h := newHouse(t)
	q := question("ann")
	q.Grounded, q.Ask.Level, q.Ask.Kind = true, hint.LevelQuestion, hint.KindError
	if a, _ := h.ask(q); a.Line != 3 || a.Text == "" || a.Source != hint.SourceGrounded || h.calls.Load() != 0 {
		t.Errorf("%+v", a)
	}
	q.Ask.Kind = hint.KindExplain
	if a, _ := h.ask(q); a.Text != "" {
		t.Errorf("facts about a fault explain no code: %+v", a)
	}
}

func TestVotes(t *testing.T) {
	h := newHouse(t)
	a, _ := h.ask(question("ann"))
	for _, v := range []struct {
		who string
		up  bool
	}{{"ann", true}, {"ben", false}, {"ann", false}, {"cem", true}} {
		if err := h.Vote(t.Context(), "r", a.ID, v.who, v.up); err != nil {
			t.Fatal(err)
		}
	}
	if r := h.records(1)[0]; r.Up != 1 || r.Down != 2 {
		t.Errorf("%+v", r)
	}
	if err := h.Vote(t.Context(), "another", a.ID, "ann", true); codecollab.CodeOf(err) != "no_hint" {
		t.Error(err)
	}
}

func TestRecordsAreBounded(t *testing.T) {
	h := newHouse(t, func(o *desk.Options) { o.RecordsMost = 5 })
	for i := range 12 {
		q := question("ann")
		q.Ask.Files[0].Text += fmt.Sprintf("# %d\n", i)
		h.ask(q)
	}
	h.Close()
	all, err := h.Records(t.Context(), "r", 0, 100)
	if err != nil || len(all) < 5 || len(all) > 6 || !strings.Contains(all[0].Sent, "# 11") { // two in one millisecond are kept together
		t.Errorf("%d records, %v", len(all), err)
	}
}

func TestWhatIsNoQuestion(t *testing.T) {
	h := newHouse(t)
	for code, change := range map[string]func(*desk.Question){
		"no_file": func(q *desk.Question) { q.Ask.Program = "gone.py" },
	} {
		q := question("ann")
		change(&q)
		if _, err := h.Ask(t.Context(), q, func(desk.Piece) {}); codecollab.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, change := range []func(*desk.Question){
		func(q *desk.Question) { q.Ask.Level = 0 }, func(q *desk.Question) { q.Ask.Level = 5 }, func(q *desk.Question) { q.Ask.Kind = "solve" },
		func(q *desk.Question) { q.Speech = "xx" },
	} {
		q := question("ann")
		change(&q)
		if _, err := h.Ask(t.Context(), q, func(desk.Piece) {}); codecollab.CodeOf(err) != "bad_hint" {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

func first(a desk.Answer, _ seen) desk.Answer { return a }

func hasNote(a desk.Answer, code string) bool { return note(a, code) != nil }

func note(a desk.Answer, code string) *desk.Note {
	for i := range a.Notes {
		if a.Notes[i].Code == code {
			return &a.Notes[i]
		}
	}
	return nil
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
