package main

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/hint"
	"codecollab.dev/internal/hint/cache"
	"codecollab.dev/internal/hint/desk"
	"codecollab.dev/internal/hint/provider"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/wire"
)

// newDesk makes the desk where people ask for hints.
func newDesk(live *liveSettings, db *store.Store, exec run.Executor, runs *run.Service, log *slog.Logger) (*desk.Desk, error) {
	s := live.get()
	models, err := hintModels(s, live.get)
	if err != nil {
		return nil, err
	}
	chain := provider.New(provider.Options{
		First: s.HintFirst, Whole: s.HintTimeout, Hedge: s.HintHedge, Wait: s.HintWait, Log: log, Now: time.Now,
	}, models...)
	engine := hint.NewEngine(hint.Options{Runner: deskRunner{behindPeople{exec, runs}}, Budget: s.HintFactsTime, Log: log})
	return desk.New(desk.Options{
		Engine: engine, Model: chain, Cache: cache.NewMemory(int(s.HintCache), time.Now), Store: db,
		Keep: s.HintKeep, FactsTime: s.HintFactsTime, FactsKept: s.HintFactsKept, CodeMost: int(s.HintCodeMost), AnswerTokens: s.HintAnswerTokens,
		Workers: s.HintWorkers, PersonMost: s.HintPersonMax, PersonMinute: s.HintPersonMinute,
		Day:         desk.DayLimits{Person: s.HintPersonTokens, Room: s.HintRoomTokens, Server: s.HintServerTokens},
		RecordsMost: s.HintRecords, Log: log, Now: time.Now,
	}), nil
}

// hintModels reads the setting hint-providers. Keys are asked for at each call, so that a new one counts at once.
func hintModels(s config.Settings, now func() config.Settings) ([]provider.Endpoint, error) {
	return provider.Parse(s.HintProviders, func(name string) string {
		s := now()
		switch name {
		case "groq":
			return s.HintGroqKey.Reveal()
		case "openai":
			return s.HintOpenaiKey.Reveal()
		case "":
			return s.HintKey.Reveal()
		}
		return ""
	})
}

// behindPeople runs programs behind those that people wait for.
type behindPeople struct {
	run.Executor
	people interface{ Crowded() bool }
}

// giveWay is how often a program of a hint looks whether its time has come.
const giveWay = 20 * time.Millisecond

// Execute implements run.Executor.
func (q behindPeople) Execute(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
	for q.people.Crowded() {
		select {
		case <-time.After(giveWay):
		case <-ctx.Done():
			return wire.Finish{}, ctx.Err()
		}
	}
	return q.Executor.Execute(ctx, p, on)
}

// deskRunner runs the programs of hints.
type deskRunner struct{ exec run.Executor }

// mostHintOutput is what is kept of each stream of a program that is run for a hint, in bytes.
const mostHintOutput = 256 << 10

// Run implements hint.Runner.
func (h deskRunner) Run(ctx context.Context, p hint.Program) (hint.Result, error) {
	rp := run.Program{Language: p.Language, Main: p.Main, Stdin: p.Stdin, Args: p.Args, Wall: p.Wall}
	for _, f := range p.Files {
		rp.Files = append(rp.Files, run.File{Name: f.Name, Content: f.Text})
	}
	streams := map[string]*strings.Builder{"stdout": {}, "stderr": {}}
	fin, err := h.exec.Execute(ctx, rp, func(e run.Event) {
		if b := streams[e.Stream]; b != nil && b.Len() < mostHintOutput {
			b.WriteString(e.Data)
		}
	})
	r := hint.Result{
		Stage: fin.Stage, Outcome: fin.Outcome, Stdout: streams["stdout"].String(), Stderr: streams["stderr"].String(), Message: fin.Message,
	}
	if fin.Code != nil {
		r.Code = *fin.Code
	}
	return r, err
}
