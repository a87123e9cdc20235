package main

import (
	"context"
	"log/slog"
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
func newDesk(live *liveSettings, db *store.Store, others *nodes, exec run.Executor, runs *run.Service, seen *watching, log *slog.Logger) (*desk.Desk, *provider.Chain, error) {
	s := live.get()
	models, err := hintModels(s, live.get)
	if err != nil {
		return nil, nil, err
	}
	chain := provider.New(provider.Options{
		First: s.HintFirst, Whole: s.HintTimeout, Hedge: s.HintHedge, Wait: s.HintWait, Log: log, Now: time.Now,
	}, models...)
	engine := hint.NewEngine(hint.Options{Runner: hintRunner{behindPeople{exec, runs}}, Budget: s.HintFactsTime, Log: log})
	return desk.New(desk.Options{
		Engine: engine, Model: chain, Cache: others.cache(cache.NewMemory(int(s.HintCache), time.Now)), Store: db,
		Keep: s.HintKeep, FactsTime: s.HintFactsTime, FactsKept: s.HintFactsKept, CodeMost: int(s.HintCodeMost), AnswerTokens: s.HintAnswerTokens,
		Workers: s.HintWorkers, PersonMost: s.HintPersonMax, PersonMinute: s.HintPersonMinute,
		Day:         desk.DayLimits{Person: s.HintPersonTokens, Room: s.HintRoomTokens, Server: s.HintServerTokens},
		RecordsMost: s.HintRecords, Watch: seen.hinted, Log: log, Now: time.Now,
	}), chain, nil
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
