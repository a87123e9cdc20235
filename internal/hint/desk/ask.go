package desk

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/hint"
	"codecollab.dev/internal/hint/cache"
	"codecollab.dev/internal/hint/privacy"
	"codecollab.dev/internal/hint/provider"
	"codecollab.dev/internal/trace"
)

// kept is an answer as the cache has it.
type kept struct{ Answer Answer }

// Ask answers a question, and tells on of it as it comes, in this goroutine. What a model fails at is answered from the facts
// alone, with a note.
//
// Errors: "too_many_hints", "hint_binary", "bad_hint"; that of ctx when it ended.
func (d *Desk) Ask(ctx context.Context, q Question, on func(Piece)) (Answer, error) {
	if err := q.check(); err != nil {
		return Answer{}, err
	}
	leave, err := d.people.enter(q.Person)
	if err != nil {
		return Answer{}, err
	}
	defer leave()
	began := d.opt.Now()
	rec := Record{
		ID: strings.ToLower(rand.Text()[:16]), Room: q.Room, Person: q.Person, At: began.UnixMilli(),
		Kind: string(q.Ask.Kind), Level: q.Ask.Level, Ahead: q.Ahead,
	}
	a, written, err := d.answer(ctx, &q, rec, on)
	if err != nil && codecollab.CodeOf(err) == "hint_binary" {
		return a, err
	}
	a.ID, a.Kind, a.Level = rec.ID, q.Ask.Kind, q.Ask.Level
	if !written {
		rec.end(a, err, d.opt.Now().Sub(began))
		d.watch(rec)
		d.writes.Go(func() { d.write(ctx, rec) }) // the asker need not wait for the disk
	}
	return a, err
}

func (q *Question) check() error {
	i := slices.IndexFunc(q.Ask.Files, func(f hint.File) bool { return f.Name == q.Ask.Program })
	switch {
	case i < 0:
		return codecollab.Errorf(codecollab.NotFound, "no_file", "The file is not in this room any more.")
	case speeches[q.Speech] == "":
		return codecollab.Errorf(codecollab.Invalid, "bad_hint", "Answers are in \"en\" or \"de\", not in %.20q.", q.Speech)
	case q.Ask.Kind != hint.KindHint && tasks[q.Ask.Kind] == "":
		return codecollab.Errorf(codecollab.Invalid, "bad_hint", "One may ask for a hint, error, explain or review; %.20q is none of them.", q.Ask.Kind)
	case levels[q.Ask.Level] == "":
		return codecollab.Errorf(codecollab.Invalid, "bad_hint", "Levels go from 1 to 4; %d is none.", q.Ask.Level)
	}
	return nil
}

// answer finds an answer in the cache, from a model, or from the facts. written says that the record of it has been, or will be.
func (d *Desk) answer(ctx context.Context, q *Question, rec Record, on func(Piece)) (a Answer, written bool, err error) {
	set, notes, err := d.ready(q, q.Ask.Caret)
	if err != nil {
		return Answer{}, false, err
	}
	f, err := d.findings(ctx, q, on)
	if err != nil {
		return Answer{}, false, err
	}
	if set == nil || q.Grounded || len(d.opt.Model.Endpoints()) == 0 {
		return grounded(q, f, notes), false, nil
	}
	if near := q.near(f); !set.Main.Whole() && near != q.Ask.Caret {
		if set, _, err = d.ready(q, near); err != nil {
			return Answer{}, false, err
		}
	}
	c := &call{desk: d, q: q, set: set, findings: f, notes: notes, rec: rec, began: time.UnixMilli(rec.At)}
	c.req = provider.Request{Messages: prompt(q, set, f), MaxTokens: d.opt.AnswerTokens}
	c.notes = append(c.notes, setNotes(set)...)
	key := d.key(q, c.req.Messages)
	k, ok := d.fromCache(ctx, key)
	trace.Of(ctx).Set("codecollab.hint.cached", ok)
	if ok {
		k.Answer.Cached = true
		return k.Answer, false, nil
	}
	for {
		k, shared, err := d.asking.Join(ctx, key, on, func(ctx context.Context, tell func(Piece)) (kept, error) {
			d.writes.Add(1)
			defer d.writes.Done()
			k, err := c.run(ctx, tell)
			if err == nil {
				d.keep(ctx, key, k)
			}
			return k, err
		})
		if err == nil {
			k.Answer.Cached = shared // somebody else's question paid for it
			return k.Answer, !shared, nil
		}
		if ctx.Err() != nil {
			return Answer{}, !shared, ctx.Err()
		}
		if code := codecollab.CodeOf(err); shared && (code == "limit_person" || code == "limit_room") {
			continue // that is the limit of the one who asked first
		}
		note, again := d.noteOf(err)
		if again {
			on(Piece{State: "again"})
		}
		return grounded(q, f, append(notes, note)), !shared, nil
	}
}

// pointed reports whether the question is about the asker's line. Other questions are the same wherever their askers are, and so are
// their answers.
func (q *Question) pointed() bool {
	return q.Ask.Kind == hint.KindExplain || q.Ask.Kind == hint.KindError
}

// near is the line around which a window into a long file lies.
func (q *Question) near(f hint.Findings) int {
	if q.pointed() {
		return q.Ask.Caret
	}
	for _, s := range f.Suspects {
		if s.File == q.Ask.Program {
			return s.Line
		}
	}
	const step = 100 // those who are not far from each other get the same window
	return q.Ask.Caret/step*step + step/2
}

// ready makes the program ready to leave, with what is near a line; without a set nothing may.
func (d *Desk) ready(q *Question, near int) (*privacy.Set, []Note, error) {
	var files []privacy.File
	for _, f := range q.Ask.Files {
		files = append(files, privacy.File{Name: f.Name, Text: normal(f.Text)})
	}
	set, err := privacy.NewSet(files, q.Ask.Program, near, d.opt.CodeMost)
	if codecollab.CodeOf(err) == "no_ai" {
		return nil, []Note{{Code: "no_ai"}}, nil
	}
	return set, nil, err
}

// setNotes say what of the program has not left.
func setNotes(set *privacy.Set) (notes []Note) {
	if m := &set.Main; !m.Whole() {
		notes = append(notes, Note{Code: "window", First: m.First, Last: m.First + len(m.Lines) - 1, Of: m.Of})
	}
	if n := set.Marked(); n > 0 {
		notes = append(notes, Note{Code: "kept", N: n})
	}
	if n := set.Secrets(); n > 0 {
		notes = append(notes, Note{Code: "secrets", N: n})
	}
	if n := len(set.Left); n > 0 {
		notes = append(notes, Note{Code: "files", N: n})
	}
	return notes
}

// findings are the facts about a program: those that are known, or those that the engine finds, for all who ask at once.
func (d *Desk) findings(ctx context.Context, q *Question, on func(Piece)) (hint.Findings, error) {
	key := factsKey(&q.Ask)
	if f, ok := d.facts.Get(key); ok {
		return f, nil
	}
	on(Piece{State: "facts"})
	f, _, err := d.looking.Join(ctx, key, func(struct{}) {}, func(ctx context.Context, _ func(struct{})) (hint.Findings, error) {
		select {
		case d.turns <- struct{}{}:
			defer func() { <-d.turns }()
		case <-ctx.Done():
			return hint.Findings{}, ctx.Err()
		}
		within, cancel := context.WithTimeout(ctx, d.opt.FactsTime)
		defer cancel()
		within, span := trace.Start(within, "hint.facts")
		defer span.End("")
		f, err := d.opt.Engine.Facts(within, q.Ask)
		if within.Err() != nil && ctx.Err() == nil {
			err = nil // what was found until then must do
		}
		if err == nil {
			d.facts.Put(key, f)
		}
		return f, err
	})
	if err != nil && ctx.Err() == nil {
		d.opt.Log.ErrorContext(ctx, "no facts for a hint", "room", q.Room, "err", err)
		return hint.Findings{}, nil // a model may know something all the same
	}
	return f, err
}

// factsKey names a program with all that facts follow from.
func factsKey(a *hint.Ask) string {
	parts := []string{"facts", a.Language, string(a.Kind), a.Program}
	for _, f := range a.Files {
		parts = append(parts, f.Name, normal(f.Text))
	}
	parts = append(parts, strconv.Itoa(len(a.Files)))
	for _, t := range a.Tests {
		parts = append(parts, t.Stdin, t.Expected)
	}
	if a.Run != nil {
		run, err := json.Marshal(a.Run)
		if err == nil {
			parts = append(parts, string(run))
		}
	}
	return cache.Key(parts...)
}

// normal is a text without what makes no difference: white space at the ends of lines and at the end.
func normal(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r")
	}
	if out := strings.TrimRight(strings.Join(lines, "\n"), "\n"); out != "" {
		return out
	}
	return text // there are languages that consist of white space
}

// key names a question to a model with all that its answer follows from. The code and the facts are in the prompt.
func (d *Desk) key(q *Question, messages []provider.Message) string {
	parts := []string{"hint", promptVersion, string(q.Ask.Kind), strconv.Itoa(q.Ask.Level), q.Speech, q.Ask.Language}
	for _, e := range d.opt.Model.Endpoints() {
		parts = append(parts, e.URL, e.Model)
	}
	for _, m := range messages {
		parts = append(parts, m.Role, m.Content)
	}
	return cache.Key(parts...)
}

func (d *Desk) fromCache(ctx context.Context, key string) (k kept, ok bool) {
	data, ok, err := d.opt.Cache.Get(ctx, key)
	if err == nil && ok {
		err = json.Unmarshal(data, &k)
	}
	if err != nil {
		d.opt.Log.WarnContext(ctx, "the cache of hints failed", "err", err)
		return kept{}, false
	}
	return k, ok
}

func (d *Desk) keep(ctx context.Context, key string, k kept) {
	data, err := json.Marshal(k)
	if err == nil {
		err = d.opt.Cache.Put(ctx, key, data, d.opt.Keep)
	}
	if err != nil {
		d.opt.Log.WarnContext(ctx, "a hint is not cached", "err", err)
	}
}

// grounded answers from facts alone. What they say of the fault is no explanation of the code around a caret.
func grounded(q *Question, f hint.Findings, notes []Note) Answer {
	a := Answer{Source: hint.SourceGrounded, Notes: notes}
	if q.Ask.Kind == hint.KindExplain {
		return a
	}
	ask := q.Ask
	ask.Speech = q.Speech
	if ask.Kind == hint.KindError { // whose place everybody sees
		ask.Level = max(ask.Level, hint.LevelPlace)
	}
	h, sure := hint.Grounded(ask, f)
	some := sure
	if !sure {
		h, some = hint.Guess(ask, f)
	}
	if !some || hint.Check(ask, f, h) != nil {
		return a
	}
	a.take(q, h)
	if !sure {
		a.Notes = append(notes, Note{Code: "unsure"})
	}
	return a
}

// take puts a hint into an answer. The place is told from the level of places on.
func (a *Answer) take(q *Question, h hint.Hint) {
	a.File, a.Text = h.File, h.Text
	if q.showsPlace() {
		a.Line, a.Category = h.Line, h.Category
	}
}

func (q *Question) showsPlace() bool {
	return q.Ask.Kind != hint.KindHint || q.Ask.Level >= hint.LevelPlace
}

// noteOf says why there is no answer of a model; again that some of it was told already.
func (d *Desk) noteOf(err error) (n Note, again bool) {
	switch {
	case errors.Is(err, errNonsense):
		return Note{Code: "nonsense"}, true
	case errors.Is(err, errWithheld):
		return Note{Code: "withheld"}, true
	}
	switch code := codecollab.CodeOf(err); code {
	case "limit_person", "limit_room", "limit_server":
		return Note{Code: code}, false
	case "no_provider":
		return Note{Code: code}, true
	}
	d.opt.Log.Error("no answer of a model", "err", err)
	return Note{Code: "no_provider"}, true
}
