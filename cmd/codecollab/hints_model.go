package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/hint"
	"codecollab.dev/internal/hint/cache"
	"codecollab.dev/internal/hint/desk"
	"codecollab.dev/internal/hint/eval"
	"codecollab.dev/internal/hint/provider"
	"codecollab.dev/internal/store"
)

// evalDesk answers cases as a server does, with a model: the same prompt, the same check, the same fallback on facts.
type evalDesk struct {
	desk   *desk.Desk
	db     *store.Store
	dir    string
	always bool

	mu      sync.Mutex
	asked   int
	records map[string]desk.Record // by room: each case has one of its own
}

// unlimited is more tokens than an evaluation spends.
const unlimited = 1 << 40

// askModel makes a desk whose model is written as in hint-providers.
func askModel(ctx context.Context, environ []string, model string, engine *hint.Engine, jobs int, always bool, log *slog.Logger, stderr io.Writer) (*evalDesk, error) {
	s, err := config.Load("serve", []string{"--hint-providers=" + model}, settingsOf(environ), stderr)
	if err != nil {
		return nil, err
	}
	models, err := hintModels(s, func() config.Settings { return s })
	if err != nil {
		return nil, err
	}
	e := &evalDesk{always: always, records: map[string]desk.Record{}}
	if e.dir, err = os.MkdirTemp("", "codecollab-eval-"); err != nil {
		return nil, err
	}
	if e.db, err = store.Open(ctx, store.Options{Dir: e.dir, Log: log}); err != nil {
		return nil, errors.Join(err, os.RemoveAll(e.dir))
	}
	chain := provider.New(provider.Options{First: s.HintFirst, Whole: s.HintTimeout, Hedge: s.HintHedge, Wait: s.HintWait, Log: log, Now: time.Now}, models...)
	e.desk = desk.New(desk.Options{
		Engine: engine, Model: chain, Cache: cache.NewMemory(0, time.Now), Store: e.db, Keep: s.HintKeep, FactsTime: time.Hour, FactsKept: jobs,
		CodeMost: int(s.HintCodeMost), AnswerTokens: s.HintAnswerTokens, Workers: jobs, PersonMost: jobs, PersonMinute: unlimited,
		Day: desk.DayLimits{Person: unlimited, Room: unlimited, Server: unlimited}, RecordsMost: 1, Watch: e.watch, Log: log, Now: time.Now,
	})
	return e, nil
}

func (e *evalDesk) watch(r desk.Record) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.records[r.Room] = r
}

func (e *evalDesk) answer(ctx context.Context, a hint.Ask) (eval.Reply, error) {
	e.mu.Lock()
	e.asked++
	room := fmt.Sprint("case ", e.asked)
	e.mu.Unlock()
	got, err := e.desk.Ask(ctx, desk.Question{Room: room, Person: "eval", Speech: "en", Ask: a}, func(desk.Piece) {})
	if err != nil {
		return eval.Reply{}, err
	}
	e.mu.Lock()
	r := e.records[room]
	delete(e.records, room)
	e.mu.Unlock()
	reply := eval.Reply{Given: got.Text != "", Withheld: r.Why}
	if r.Outcome == "failed" {
		reply.Withheld = "failed"
	}
	for _, n := range got.Notes {
		if n.Code == "unsure" && !e.always {
			reply.Given = false
		}
	}
	reply.Hint = hint.Hint{File: got.File, Line: got.Line, Category: got.Category, Text: got.Text, Level: a.Level, Source: got.Source}
	return reply, nil
}

func (e *evalDesk) close() {
	_ = e.desk.Close() // what it kept goes, too
	_ = e.db.Close()
	_ = os.RemoveAll(e.dir)
}
