package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/hint"
	"codecollab.dev/internal/hint/cache"
	"codecollab.dev/internal/hint/desk"
	"codecollab.dev/internal/hint/provider"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/wire"
)

// oneFact is what an engine finds in every program.
type oneFact struct{}

func (oneFact) Facts(_ context.Context, a hint.Ask) (hint.Findings, error) {
	f := hint.Fact{Source: hint.SourceInterpreter, File: a.Program, Line: 1, Category: hint.UndeclaredName, Message: "NameError: name 'x' is not defined", Confidence: 0.5}
	return hint.Findings{Facts: []hint.Fact{f}}, nil
}

// withHints gives a server a desk with a chain to models.
func withHints(models ...provider.Endpoint) func(*Options) {
	return func(o *Options) {
		chain := provider.New(provider.Options{First: 5 * time.Second, Whole: 10 * time.Second, Wait: time.Second, Log: o.Log, Now: time.Now}, models...)
		o.Hints = desk.New(desk.Options{
			Engine: oneFact{}, Model: chain, Cache: cache.NewMemory(1<<20, time.Now), Store: o.Files.(*store.Store), Keep: time.Hour,
			FactsTime: time.Second, FactsKept: 10, CodeMost: 4000, AnswerTokens: 100, Workers: 1, PersonMost: 2, PersonMinute: 100,
			Day: desk.DayLimits{Person: 1e6, Room: 1e6, Server: 1e6}, RecordsMost: 100, Log: o.Log, Now: time.Now,
		})
	}
}

// loopModel is a model on loopback that answers all the same; wait is called before it does.
func loopModel(t *testing.T, text string, wait func(*http.Request)) provider.Endpoint {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then a server notices that its client has gone
		w.Header().Set("Content-Type", "text/event-stream")
		word, _ := json.Marshal(text)
		fmt.Fprintf(w, "data: {\"choices\":[{\"delta\":{\"content\":%s}}]}\n\n", word)
		w.(http.Flusher).Flush()
		wait(r)
		fmt.Fprint(w, "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
	}))
	t.Cleanup(srv.Close)
	return provider.Endpoint{Name: "loop", URL: srv.URL + "/v1", Model: "m"}
}

// hintLine is a line of an answer.
type hintLine struct {
	desk.Piece
	Answer *desk.Answer
	Error  *struct{ Code, Message string }
}

// ask asks for a hint and reads all that comes.
func (h *house) ask(c *http.Client, body string) (status int, lines []hintLine) {
	h.t.Helper()
	resp, err := c.Post(h.http.URL+"/api/v1/rooms/"+h.room+"/hints", "application/json", strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	in := bufio.NewScanner(resp.Body)
	for in.Scan() {
		var l hintLine
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			h.t.Fatalf("%q: %v", in.Bytes(), err)
		}
		lines = append(lines, l)
	}
	return resp.StatusCode, lines
}

// turnOn makes the owner turn hints on, and returns the id of the first file.
func (h *house) turnOn(settings string) (file string, owner *socketTalker) {
	h.t.Helper()
	owner = h.socket(h.client)
	j := h.joined(owner)
	owner.say(fmt.Sprintf(`{"t":"batch","seq":1,"base":%d,"body":{"kind":"hints",%s}}`, j.Version, settings))
	wait(h.t, owner, func(e *wire.Event) bool { _, ok := e.Body.Payload.(*wire.Hints); return ok })
	return j.Snapshot.Files[0].ID, owner
}

func TestHintsAreOffUntilTheOwnerTurnsThemOn(t *testing.T) {
	h := newHouse(t, withHints())
	file := h.joined(h.socket(h.client)).Snapshot.Files[0].ID
	body := fmt.Sprintf(`{"file":%q,"level":1}`, file)
	if status, _ := h.ask(h.client, body); status != http.StatusForbidden {
		t.Errorf("status %d", status)
	}
	h.turnOn(`"on":true,"level":2`)
	for b, want := range map[string]int{
		body: 200, fmt.Sprintf(`{"file":%q,"level":3}`, file): 403, fmt.Sprintf(`{"file":%q,"level":1,"share":true}`, file): 403,
		fmt.Sprintf(`{"file":%q,"ahead":true}`, file): 403, `{"file":"nonesuch"}`: 404, fmt.Sprintf(`{"file":%q,"level":0}`, file): 400,
		fmt.Sprintf(`{"file":%q,"language":"klingon"}`, file): 404, fmt.Sprintf(`{"file":%q,"kind":"solve"}`, file): 400, `{`: 400,
	} {
		if status, lines := h.ask(h.client, b); status != want {
			t.Errorf("%s: status %d, %+v", b, status, lines)
		}
	}
}

func TestAHintStreamsIsSharedAndVotedOn(t *testing.T) {
	h := newHouse(t, withHints(loopModel(t, "LINE: 1\nKIND: undeclared-name\nHINT: Where does the name get its first value?\n", func(*http.Request) {})))
	file, owner := h.turnOn(`"on":true,"level":4,"models":true,"share":true`)
	var about struct {
		Models []struct{ Name, Model, Place string }
	}
	h.call(h.client, "GET", "/api/v1/rooms/"+h.room+"/hints", "", http.StatusOK, &about)
	if len(about.Models) != 1 || about.Models[0].Model != "m" || !strings.HasPrefix(about.Models[0].Place, "127.0.0.1:") {
		t.Errorf("%+v", about)
	}
	_, lines := h.ask(h.client, fmt.Sprintf(`{"file":%q,"level":3,"share":true,"caret":1}`, file))
	var text string
	for _, l := range lines {
		text += l.Text
	}
	last := lines[len(lines)-1]
	if last.Answer == nil || last.Answer.Source != "model" || last.Answer.Line != 1 || strings.TrimSpace(text) != last.Answer.Text || len(lines) < 4 {
		t.Fatalf("%+v", lines)
	}
	e := wait(t, owner, func(e *wire.Event) bool { _, ok := e.Body.Payload.(*wire.Hint); return ok })
	if told := e.Body.Payload.(*wire.Hint); told.ID != last.Answer.ID || told.Text != last.Answer.Text || told.LineText == "" || e.By == "" {
		t.Errorf("%+v", told)
	}
	other := newPerson(t)
	vote := "/api/v1/rooms/" + h.room + "/hints/" + last.Answer.ID + "/vote"
	h.call(h.client, "POST", vote, `{"up":true}`, http.StatusNoContent, nil)
	h.call(h.client, "POST", "/api/v1/rooms/"+h.room+"/hints/nonesuch/vote", `{"up":true}`, http.StatusNotFound, nil)
	var log struct {
		Totals  hintTotals
		Records []hintRecord
	}
	path := "/api/v1/rooms/" + h.room + "/hints/log"
	h.call(h.client, "GET", path, "", http.StatusOK, &log)
	if len(log.Records) != 1 || log.Totals.Asked != 1 || log.Totals.Calls != 1 || log.Totals.Up != 1 || log.Totals.Tokens == 0 || !strings.Contains(log.Records[0].Sent, "NameError") {
		t.Errorf("%+v", log)
	}
	h.call(other, "GET", path, "", http.StatusForbidden, nil)
}

func TestWithoutTheOwnersWordNoModelIsAsked(t *testing.T) {
	h := newHouse(t, withHints(loopModel(t, "", func(*http.Request) { t.Error("the model was asked") })))
	file, _ := h.turnOn(`"on":true,"level":4`)
	_, lines := h.ask(h.client, fmt.Sprintf(`{"file":%q}`, file))
	if last := lines[len(lines)-1]; last.Answer == nil || last.Answer.Source != hint.SourceGrounded {
		t.Errorf("%+v", lines)
	}
}

func TestAClosedRequestCancelsItsQuestion(t *testing.T) {
	gone := make(chan struct{})
	h := newHouse(t, withHints(loopModel(t, "LINE: 1\nKIND: other\nHINT: Look at the ", func(r *http.Request) { <-r.Context().Done(); close(gone) })))
	file, _ := h.turnOn(`"on":true,"level":4,"models":true`)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "POST", h.http.URL+"/api/v1/rooms/"+h.room+"/hints", strings.NewReader(fmt.Sprintf(`{"file":%q}`, file)))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := h.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	in := bufio.NewScanner(resp.Body)
	for in.Scan() && !strings.Contains(in.Text(), "Look") {
	}
	cancel()
	select {
	case <-gone:
	case <-time.After(20 * time.Second):
		t.Fatal("the model is never told")
	}
}

func TestTestsOfAProgramAreFiles(t *testing.T) {
	tests := map[string]*hint.Test{}
	for _, name := range []string{"tests/b.in", "tests/b.out", "tests/a.out", "x/tests/c.out", "d.out", "tests/e.in", "main.py"} {
		noteTest(tests, name, name)
	}
	got := sortedTests(tests)
	if len(got) != 3 || got[0].Expected != "tests/a.out" || got[0].Stdin != "" || got[1].Stdin != "tests/b.in" || got[2].Expected != "x/tests/c.out" {
		t.Errorf("%+v", got)
	}
}
