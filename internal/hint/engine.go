package hint

import (
	"context"
	"log/slog"
	"time"
)

// Options are what an Engine needs. Runner may be nil: then there are the facts of the last run and of the text only.
type Options struct {
	Runner Runner
	Budget time.Duration // for all that is run for one question
	Log    *slog.Logger
}

// Engine gathers facts.
type Engine struct{ opt Options }

// NewEngine makes an Engine.
func NewEngine(opt Options) *Engine { return &Engine{opt: opt} }

// Facts finds out what can be known about a program. An error means that we failed; what a program does wrong is in Findings.
func (e *Engine) Facts(ctx context.Context, a Ask) (Findings, error) {
	return Findings{}, ctx.Err()
}
