// Package desk is where people ask for hints. It has the facts gathered, looks whether the same was asked before, asks a model
// if there is one and if that is allowed, checks what it says, and falls back on the facts alone.
//
// What must hold:
//
//   - D1: nothing leaves for a model but what package privacy has made ready, and all that leaves is written down.
//   - D2: nobody sees a word of a model that the check has not passed. Words that look like code are held back until their
//     sentence is whole.
//   - D3: what fails, is cancelled or withheld is neither cached nor charged to anybody.
package desk

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"codecollab.dev/internal/hint"
	"codecollab.dev/internal/hint/cache"
	"codecollab.dev/internal/hint/provider"
)

// Engine is what the desk needs to know about programs. hint.Engine is one.
type Engine interface {
	Facts(ctx context.Context, a hint.Ask) (hint.Findings, error)
}

// Model answers prompts. A provider.Chain is one.
type Model interface {
	Ask(ctx context.Context, r provider.Request, on func(provider.Piece)) (provider.Answer, error)
	Endpoints() []provider.Endpoint
}

// Store keeps what happened.
type Store interface {
	// PutHint keeps a record, in the place of the one with its id, and forgets the oldest of the room beyond most.
	PutHint(ctx context.Context, r Record, most int) error
	// VoteHint notes what a person thinks of a hint; a later vote of theirs counts instead. Error "no_hint".
	VoteHint(ctx context.Context, room, id, person string, up bool) error
	// Hints are the records of a room before a time (0: the newest), newest first.
	Hints(ctx context.Context, room string, before int64, limit int) ([]Record, error)
	// SpentTokens is what was spent under a key on a day.
	SpentTokens(ctx context.Context, day, key string) (int, error)
	// SpendTokens adds to what was spent on a day, and forgets days that are long past.
	SpendTokens(ctx context.Context, day string, tokens map[string]int) error
}

// Options are what a desk needs. All but Watch must be set; Model may have no endpoints.
type Options struct {
	Engine Engine
	Model  Model
	Cache  cache.Cache
	Store  Store

	Keep         time.Duration // an answer is kept for so long
	FactsTime    time.Duration // a program is looked into for so long
	FactsKept    int           // programs whose facts are kept in memory
	CodeMost     int           // characters of code that are sent
	AnswerTokens int           // the longest answer of a model
	Workers      int           // programs that are looked into at a time
	PersonMost   int           // questions of one person at a time
	PersonMinute int           // questions of one person in a minute
	Day          DayLimits
	RecordsMost  int // records that are kept of a room

	Watch func(Record) // is told of every question that was answered or failed; nil: nobody is

	Log *slog.Logger
	Now func() time.Time
}

// Question is what a person asks.
type Question struct {
	Room, Person string
	Ask          hint.Ask
	Speech       string // the language of the answer: "en" or "de"
	Grounded     bool   // no model may be asked, by the owner of the room
	Ahead        bool   // nobody waits: it is prepared in case somebody asks
}

// Piece is what the asker is told on the way to an answer.
type Piece struct {
	State  string `json:"state,omitempty"` // "facts", "model", or "again": what came before is void
	Model  string `json:"model,omitempty"` // with "model": who is asked, and where it runs
	Place  string `json:"place,omitempty"`
	Line   int    `json:"line,omitempty"` // the place, once it is known and if the level shows it
	File   string `json:"file,omitempty"`
	Text   string `json:"text,omitempty"` // the next words
	Notice *Note  `json:"notice,omitempty"`
}

// Note tells the asker about an answer in a word that the page has a sentence for.
type Note struct {
	// Code is "window" (Of lines, those from First to Last were used), "kept" (N lines were kept away), "secrets" (N were
	// taken out), "files" (N other files were not used), "no_ai", "limit_person", "limit_room", "limit_server",
	// "no_provider", "unsure" (the facts point there and do not prove it), "withheld" (the model's answer gave too much away or contradicted the facts), "nonsense".
	Code  string `json:"code"`
	N     int    `json:"n,omitempty"`
	First int    `json:"first,omitempty"`
	Last  int    `json:"last,omitempty"`
	Of    int    `json:"of,omitempty"`
}

// Answer is what comes of a question. Without Text there is nothing to say, which is said honestly.
type Answer struct {
	ID       string        `json:"id"`
	Kind     hint.Kind     `json:"kind"`
	Level    int           `json:"level"`
	File     string        `json:"file,omitempty"`
	Line     int           `json:"line,omitempty"` // 0: none, or the level does not show it
	Category hint.Category `json:"category,omitempty"`
	Text     string        `json:"text"`
	Source   string        `json:"source"` // "grounded" or "model"
	Model    string        `json:"model,omitempty"`
	Place    string        `json:"place,omitempty"`
	Cached   bool          `json:"cached,omitempty"`
	Notes    []Note        `json:"notes,omitempty"`
}

// Record is what is kept of a question. Sent is exactly what left, and To to whom; both are empty when nothing did.
type Record struct {
	ID, Room, Person string
	At               int64 // ms since the Unix epoch
	Kind             string
	Level            int
	Outcome          string // "answered", "nothing", "withheld", "failed" or "cancelled"
	Why              string // of "withheld": "leak", "contradicts", "long" or "nonsense"; not kept
	Source           string // "grounded" or "model"
	Model            string
	Cached, Ahead    bool
	Sent             string
	To               []string
	TokensIn         int
	TokensOut        int
	Cost             int64 // millionths of a dollar
	FirstMS          int64 // from the question to the first word
	TotalMS          int64
	Up, Down         int // votes
}

// Desk answers questions.
type Desk struct {
	opt     Options
	facts   *cache.Recent[hint.Findings]
	looking cache.Flights[struct{}, hint.Findings]
	asking  cache.Flights[Piece, kept]
	turns   chan struct{}
	people  *people
	ledger  *ledger
	writes  sync.WaitGroup
}

// New makes a desk.
func New(opt Options) *Desk {
	return &Desk{
		opt: opt, facts: cache.NewRecent[hint.Findings](opt.FactsKept, opt.Keep, opt.Now), turns: make(chan struct{}, opt.Workers),
		people: newPeople(opt.PersonMost, opt.PersonMinute, opt.Now), ledger: newLedger(opt.Day, opt.Store, opt.Now),
	}
}

// Close waits until everything is written down. Nobody may ask any more.
func (d *Desk) Close() error {
	d.writes.Wait()
	return nil
}

// Models are those that may be asked, in order: what a person is told before anything leaves.
func (d *Desk) Models() []provider.Endpoint { return d.opt.Model.Endpoints() }

// Vote notes what a person thinks of a hint. Error "no_hint".
func (d *Desk) Vote(ctx context.Context, room, id, person string, up bool) error {
	return d.opt.Store.VoteHint(ctx, room, id, person, up)
}

// Records are what was asked in a room before a time (0: the newest), newest first.
func (d *Desk) Records(ctx context.Context, room string, before int64, limit int) ([]Record, error) {
	return d.opt.Store.Hints(ctx, room, before, limit)
}
