package server

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/hint"
	"codecollab.dev/internal/hint/desk"
	"codecollab.dev/internal/hint/provider"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// Hints are where people ask. desk.Desk is one.
type Hints interface {
	Ask(ctx context.Context, q desk.Question, on func(desk.Piece)) (desk.Answer, error)
	Models() []provider.Endpoint
	Vote(ctx context.Context, room, id, person string, up bool) error
	Records(ctx context.Context, room string, before int64, limit int) ([]desk.Record, error)
}

// hintModels tells who may be asked.
func (s *Server) hintModels(w http.ResponseWriter, _ *http.Request) error {
	type model struct {
		Name  string `json:"name"`
		Model string `json:"model"`
		Place string `json:"place"`
	}
	out := []model{}
	for _, e := range s.opt.Hints.Models() {
		out = append(out, model{e.Name, e.Model, e.Place()})
	}
	answer.JSON(w, http.StatusOK, map[string]any{"models": out})
	return nil
}

// wish is what a client asks for.
type wish struct {
	File     string `json:"file"`     // its id
	Caret    int    `json:"caret"`    // a line, from 1
	Kind     string `json:"kind"`     // left out: "hint"
	Level    int    `json:"level"`    // left out: 1
	Language string `json:"language"` // left out: the room's
	Speech   string `json:"speech"`   // left out: "en"
	Share    bool   `json:"share"`    // show the hint to all
	Ahead    bool   `json:"ahead"`    // prepare it only
}

// askHint answers a question with lines of JSON, as it comes. What is wrong with the question itself has a status of its own.
func (s *Server) askHint(w http.ResponseWriter, r *http.Request) error {
	in := wish{Kind: string(hint.KindHint), Level: hint.LevelQuestion, Speech: "en"}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	id, person := r.PathValue("room"), whoOf(r).person
	var facts room.HintFacts
	err := s.opt.Rooms.Use(r.Context(), id, func(rm *room.Room) (err error) { facts, err = rm.HintFacts(r.Context()); return err })
	if err != nil {
		return err
	}
	q, err := s.question(&in, facts)
	if err != nil {
		return err
	}
	q.Room, q.Person = id, person
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)() // a server that stops does not wait for models
	lines := newLines(w)
	a, err := s.opt.Hints.Ask(ctx, q, func(p desk.Piece) { lines.write(p) })
	switch {
	case r.Context().Err() != nil:
		return nil // nobody listens any more
	case s.ctx.Err() != nil:
		err = codecollab.Errorf(codecollab.Unavailable, "busy", "The server is stopping. Ask again in a moment.")
	}
	if err != nil && !lines.begun {
		return err
	}
	if err != nil {
		e := s.desk().Public(r.Context(), err, "room", id)
		lines.write(map[string]any{"error": map[string]string{"code": e.Code, "message": e.Message}})
		return nil
	}
	lines.write(map[string]any{"answer": a})
	if in.Share && !in.Ahead && a.Text != "" {
		return s.tell(ctx, id, person, facts.State, &a)
	}
	return nil
}

// question makes a question of a wish, if the owner of the room allows it.
func (s *Server) question(in *wish, facts room.HintFacts) (desk.Question, error) {
	st := facts.State
	var q desk.Question
	switch set := st.Hints; {
	case set == nil || !set.On:
		return q, codecollab.Errorf(codecollab.Forbidden, "hints_off", "Hints are off in this room. An owner of it can turn them on.")
	case in.Level > set.Level && in.Kind == string(hint.KindHint):
		return q, codecollab.Errorf(codecollab.Forbidden, "hints_off", "In this room hints go up to level %d; you asked for level %d.", set.Level, in.Level)
	case in.Share && !set.Share:
		return q, codecollab.Errorf(codecollab.Forbidden, "hints_off", "In this room hints are for the person who asks.")
	case in.Ahead && !set.Ahead:
		return q, codecollab.Errorf(codecollab.Forbidden, "hints_off", "In this room hints are not prepared before somebody asks.")
	}
	if in.Language == "" {
		in.Language = st.Language
	}
	lang, err := s.findLanguage(in.Language)
	if err != nil {
		return q, err
	}
	q = desk.Question{Speech: in.Speech, Ahead: in.Ahead, Grounded: !st.Hints.Models}
	q.Ask = hint.Ask{Language: lang.ID, Caret: max(0, in.Caret), Level: in.Level, Kind: hint.Kind(in.Kind)}
	tests := map[string]*hint.Test{}
	for _, f := range st.Files {
		if f.ID == in.File {
			q.Ask.Program = f.Name
		}
		q.Ask.Files = append(q.Ask.Files, hint.File{Name: f.Name, Text: f.Text.String()})
		noteTest(tests, f.Name, f.Text.String())
	}
	if q.Ask.Program == "" {
		return q, codecollab.Errorf(codecollab.NotFound, "no_file", "The file is not in this room any more.")
	}
	q.Ask.Tests = sortedTests(tests)
	if facts.Run != nil && facts.Run.Request.File == in.File {
		q.Ask.Run = lastRun(facts.Run)
	}
	return q, nil
}

// A test of a program is two files of the room: its input NAME.in and what the program should print, NAME.out, in a folder "tests".
func noteTest(tests map[string]*hint.Test, name, text string) {
	base, isInput := strings.CutSuffix(name, ".in")
	if !isInput {
		var isOutput bool
		if base, isOutput = strings.CutSuffix(name, ".out"); !isOutput {
			return
		}
	}
	if !strings.HasPrefix(base, "tests/") && !strings.Contains(base, "/tests/") {
		return
	}
	t := tests[base]
	if t == nil {
		t = &hint.Test{}
		tests[base] = t
	}
	if isInput {
		t.Stdin = text
	} else {
		t.Expected = text
	}
}

// sortedTests are those that say what the program should print, by name.
func sortedTests(tests map[string]*hint.Test) (out []hint.Test) {
	var names []string
	for name, t := range tests {
		if strings.TrimSpace(t.Expected) != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		out = append(out, *tests[name])
	}
	return out
}

// lastRun is a run as the facts are read from it.
func lastRun(rec *wire.RunRecord) *hint.LastRun {
	f := rec.Finish
	run := &hint.LastRun{Stage: f.Stage, Outcome: f.Outcome, Stdin: rec.Request.Stdin, Args: rec.Request.Args}
	if f.Code != nil {
		run.Code = *f.Code
	}
	var b strings.Builder
	for _, c := range f.Output {
		if c.Stream != "typed" {
			b.WriteString(c.Data)
		}
	}
	run.Output = plainOutput(b.String())
	return run
}

// ansi are the sequences by which programs colour what they print in a terminal.
var ansi = regexp.MustCompile("\x1b\\[[0-9;?]*[ -/]*[@-~]")

// plainOutput is what a program printed, as text.
func plainOutput(text string) string {
	return ansi.ReplaceAllString(strings.ReplaceAll(text, "\r\n", "\n"), "")
}

// tell shows a hint to all. That it cannot be shown is logged: the asker has it.
func (s *Server) tell(ctx context.Context, id, person string, st *room.State, a *desk.Answer) error {
	h := wire.Hint{
		ID: a.ID, Ask: string(a.Kind), Level: a.Level, File: a.File, Line: a.Line, LineText: lineText(st, a.File, a.Line), Category: string(a.Category),
		Text: a.Text, Source: a.Source, Model: a.Model, Place: a.Place, Cached: a.Cached,
	}
	err := s.opt.Rooms.Use(ctx, id, func(rm *room.Room) error { _, err := rm.Tell(ctx, person, h); return err })
	if err != nil {
		s.opt.Log.WarnContext(ctx, "a hint was not shown to the room", "room", id, "err", err)
	}
	return nil
}

// mostLineText is what is kept of a line so that it is found again, in bytes.
const mostLineText = 200

// lineText is what stands in a line, without the white space around it.
func lineText(st *room.State, file string, line int) string {
	i := slices.IndexFunc(st.Files, func(f room.File) bool { return f.Name == file })
	if i < 0 || line < 1 {
		return ""
	}
	lines := strings.Split(st.Files[i].Text.String(), "\n")
	if line > len(lines) {
		return ""
	}
	text := strings.TrimSpace(lines[line-1])
	if len(text) > mostLineText {
		text = strings.ToValidUTF8(text[:mostLineText], "")
	}
	return text
}

// lines writes an answer of many lines of JSON, each as soon as it is there.
type lines struct {
	w     http.ResponseWriter
	flush *http.ResponseController
	begun bool
}

func newLines(w http.ResponseWriter) *lines {
	return &lines{w: w, flush: http.NewResponseController(w)}
}

func (l *lines) write(v any) {
	if !l.begun {
		h := l.w.Header()
		h.Set("Content-Type", "application/x-ndjson; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no") // nginx would hold back what comes bit by bit
		l.begun = true
	}
	_ = json.NewEncoder(l.w).Encode(v) // the client may have gone: its context says so
	_ = l.flush.Flush()
}

// voteHint notes what a person thinks of a hint.
func (s *Server) voteHint(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Up bool `json:"up"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	if err := s.opt.Hints.Vote(r.Context(), r.PathValue("room"), r.PathValue("id"), whoOf(r).person, in.Up); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
