package moving

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/hint/desk"
	"codecollab.dev/internal/history"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/store/people"
	"codecollab.dev/internal/wire"
)

func logger(t *testing.T) *slog.Logger { return slog.New(slog.NewTextHandler(t.Output(), nil)) }

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func quiet(Step) {}

const (
	mainFile   = "ffffffff"
	blockSize  = 10
	typedWords = 60
)

// furnish makes an installation in a place: rooms in which people have typed, talked and run programs, accounts, and hints.
func furnish(t *testing.T, p Place, rooms ...string) {
	t.Helper()
	s, db := openBoth(t, p)
	opt := room.Options{
		Idle: time.Minute, SnapshotEvents: 7, TailBytes: 64 << 10, MaxPeople: 5,
		Limits:       wire.Limits{BatchBytes: 1 << 20, FileUnits: 10000, Files: 4, ChatUnits: 300},
		PresenceTick: time.Millisecond, CatchupEvents: 20, Runs: func() room.RunLimits { return room.RunLimits{Room: 2, Person: 3, All: 5} },
		KnownLanguage: func(string) bool { return true }, Log: logger(t), Now: time.Now,
	}
	all := room.New(s, nil, opt)
	for _, name := range rooms {
		furnishRoom(t, all, s, name)
	}
	all.Close()
	ann := auth.Account{ID: "uann", Name: "Ann \x00 O'Hara", Email: "ann@example.com", Admin: true, Active: true, Created: time.Now()}
	must(t, db.AddWithPassword(t.Context(), ann, "$argon2id$of-a-password"),
		db.SaveOrg(t.Context(), auth.Org{ID: "oacme", Name: "Acme", Created: time.Now()}, ann.ID))
	for i := range 5 {
		must(t, db.Append(t.Context(), auth.Entry{At: time.Now(), Action: auth.ActSignIn, Person: ann.ID, Outcome: auth.OK, Detail: map[string]string{"n": fmt.Sprint(i)}}))
	}
	must(t, db.Close(), s.Close())
}

func furnishRoom(t *testing.T, all *room.Rooms, s *store.Store, name string) {
	t.Helper()
	ctx := t.Context()
	ann := room.Author{Person: "uann", Client: "annannann", Name: "Ann"}
	must(t, all.Create(ctx, name, ann, "python", wire.Create{File: mainFile, Name: "main.py", Text: ""}, true))
	seq, last, length := int64(0), int64(0), 0
	send := func(p wire.Payload) {
		t.Helper()
		done := make(chan error, 1)
		must(t, all.Use(ctx, name, func(r *room.Room) error {
			seq++
			r.Submit(ann, &wire.Batch{Seq: seq, Base: last, Body: wire.Body{Payload: p}}, func(v codecollab.Version, _ bool, err error) {
				last = v
				done <- err
			})
			return nil
		}))
		must(t, <-done)
	}
	must(t, all.Use(ctx, name, func(*room.Room) error { return nil }))
	for i := range typedWords {
		word := fmt.Sprintf("w%d 😀 ", i)
		edit := ot.Replace(length, length, length, word)
		if seq == 0 {
			last = headOf(t, s, name)
		}
		send(&wire.Edit{Edits: []wire.FileEdit{{File: mainFile, Changes: edit}}})
		length += len(strings.ReplaceAll(word, "😀", "xx"))
	}
	send(&wire.Chat{Text: "hello " + name})
	send(&wire.Title{Title: "The room " + name})
	must(t, s.PutHint(ctx, desk.Record{Room: name, ID: "h1", Person: ann.Person, At: 1, Kind: "hint", Cached: true, Sent: "print(1)", To: []string{"model", "other"}}, 10),
		s.VoteHint(ctx, name, "h1", ann.Person, true), s.Visit(ctx, name, ann.Person, "owner"),
		s.PutFiles(ctx, name, 3, []store.RunFile{{Name: "plot.png", Type: "image/png", Data: []byte{0, 1, 2, 255}}}, 1<<20))
	archive := history.New(store.Archived{Store: s}, history.Options{BlockEvents: blockSize, PageEvents: 100, PageBytes: 1 << 20, Readers: 1, Log: logger(t)})
	archive.Note(name, last)
	stop := background(archive.Work)
	defer stop()
	wait(t, "the blocks of "+name, func() bool {
		blocks, err := store.Archived{Store: s}.Blocks(ctx, name, 0)
		must(t, err)
		return len(blocks) == int(last)/blockSize
	})
}

func headOf(t *testing.T, s *store.Store, name string) int64 {
	t.Helper()
	head, err := store.Archived{Store: s}.Head(t.Context(), name)
	must(t, err)
	return head
}

func openBoth(t *testing.T, p Place) (*store.Store, *people.Store) {
	t.Helper()
	source, server, err := p.source(t.Context())
	must(t, err)
	s, err := store.Open(t.Context(), store.Options{Dir: p.Dir, Log: logger(t), Database: server})
	must(t, err)
	db, err := people.Open(t.Context(), source, 4)
	must(t, err)
	return s, db
}
