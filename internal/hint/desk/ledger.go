package desk

import (
	"context"
	"sync"
	"time"

	"codecollab.dev"
)

// DayLimits are the tokens that may be spent on models in a day (UTC), by one person, in one room, and by all.
type DayLimits struct{ Person, Room, Server int }

// ledger counts what is spent. What a request may cost is reserved before it goes out, so that many at once keep to the limits too.
type ledger struct {
	limits DayLimits
	store  Store
	now    func() time.Time

	mu    sync.Mutex
	day   string
	spent map[string]int // what the store has, as far as it was asked for, and what was added since
	held  map[string]int
}

func newLedger(limits DayLimits, store Store, now func() time.Time) *ledger {
	return &ledger{limits: limits, store: store, now: now}
}

// accounts are the three that a question is charged to, each with its limit and the note that says that it is at its end.
func (l *ledger) accounts(room, person string) []account {
	return []account{
		{"person:" + person, l.limits.Person, "limit_person"}, {"room:" + room, l.limits.Room, "limit_room"}, {"server", l.limits.Server, "limit_server"},
	}
}

type account struct {
	key   string
	limit int
	note  string
}

// reserve holds tokens until settle, which is called once with what is charged: nothing to people and rooms for what they
// got nothing of. Errors: "limit_person", "limit_room", "limit_server".
func (l *ledger) reserve(ctx context.Context, room, person string, tokens int) (settle func(ctx context.Context, charged, paid int) error, err error) {
	accounts := l.accounts(room, person)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn()
	for _, a := range accounts {
		if err := l.load(ctx, a.key); err != nil {
			return nil, err
		}
		if l.spent[a.key]+l.held[a.key]+tokens > a.limit {
			return nil, codecollab.Errorf(codecollab.Limit, a.note, "The models' share of today is used up (%s).", a.note)
		}
	}
	for _, a := range accounts {
		l.held[a.key] += tokens
	}
	day := l.day
	return func(ctx context.Context, charged, paid int) error {
		return l.settle(ctx, day, accounts, tokens, charged, paid)
	}, nil
}

func (l *ledger) settle(ctx context.Context, day string, accounts []account, held, charged, paid int) error {
	amounts := map[string]int{}
	for _, a := range accounts {
		amounts[a.key] = charged
		if a.note == "limit_server" {
			amounts[a.key] = paid
		}
	}
	l.mu.Lock()
	if l.day == day {
		for _, a := range accounts {
			l.held[a.key] -= held
			l.spent[a.key] += amounts[a.key]
		}
	}
	l.mu.Unlock()
	if charged == 0 && paid == 0 {
		return nil
	}
	return l.store.SpendTokens(ctx, day, amounts)
}

// turn begins a new day. The caller holds mu.
func (l *ledger) turn() {
	if day := l.now().UTC().Format(time.DateOnly); day != l.day {
		l.day, l.spent, l.held = day, map[string]int{}, map[string]int{}
	}
}

// load asks the store, the first time, what was spent before this process began. The caller holds mu.
func (l *ledger) load(ctx context.Context, key string) error {
	if _, ok := l.spent[key]; ok {
		return nil
	}
	n, err := l.store.SpentTokens(ctx, l.day, key)
	if err == nil {
		l.spent[key] = n
	}
	return err
}
