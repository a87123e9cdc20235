package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/store"
	dbengine "codecollab.dev/internal/store/engine"
	"codecollab.dev/internal/store/people"
	"codecollab.dev/internal/wire"
)

// request sends a request of a person, and returns its status and body.
func (p *program) request(method, path, token, body string) (int, string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url()+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

const annsName = "Annabel Geheim"

// TestSomebodyGoes has a person with rooms fetch all that is kept of them, and go: what they wrote stays, and nothing says who it was.
func TestSomebodyGoes(t *testing.T) {
	p := start(t, "")
	shared, token := p.room("python")
	alone, err := syncclient.CreateRoom(t.Context(), http.DefaultClient, p.url(), token, "python")
	if err != nil {
		t.Fatal(err)
	}
	_, bens := p.room("python")
	ann := syncclient.New(syncclient.Config{URL: p.url(), Room: shared, Token: token, ID: "clientofann", Name: annsName})
	gone := make(chan error, 1)
	go func() { gone <- ann.Run(t.Context()) }()
	if err := ann.Wait(t.Context(), (*syncclient.State).Ready); err != nil {
		t.Fatal(err)
	}
	ben := p.join(shared, bens, "benbenben")
	ann.Do(&wire.Chat{Text: "who is there?"})
	said := ben.find("ben sees what ann said", func(e *wire.Event) bool { return e.Body.Kind() == "chat" })
	sharedID, _ := syncclient.Address(shared)
	aloneID, _ := syncclient.Address(alone)

	code, body := p.request("GET", "/api/v1/me/export", token, "")
	var data struct {
		Person string
		Rooms  []struct{ Room, Role, Name string }
		Chat   []struct{ Room string }
	}
	if err := json.Unmarshal([]byte(body), &data); code != http.StatusOK || err != nil {
		t.Fatalf("the export is %d %v %s", code, err, body)
	}
	if data.Person != said.By || len(data.Rooms) != 2 || len(data.Chat) != 1 || data.Chat[0].Room != sharedID || data.Rooms[0].Role != "owner" || data.Rooms[0].Name != annsName {
		t.Errorf("the export is %s", body)
	}
	code, body = p.request("GET", "/api/v1/me/deletion", token, "")
	if !strings.Contains(body, `"room":"`+aloneID+`"}`) || !strings.Contains(body, `"room":"`+sharedID+`","heir":"`+ben.id+`","name":"benbenben"`) {
		t.Errorf("the plan is %d %s", code, body)
	}
	if code, body = p.request("DELETE", "/api/v1/me", token, "{}"); code != http.StatusBadRequest || !strings.Contains(body, "rooms_undecided") {
		t.Errorf("without a decision: %d %s", code, body)
	}
	if code, body = p.request("DELETE", "/api/v1/me", token, `{"rooms":"hand_on"}`); code != http.StatusNoContent {
		t.Fatalf("the deletion is %d %s", code, body)
	}
	if err := <-gone; codecollab.CodeOf(err) != "signed_out" {
		t.Errorf("the connection ended with %v", err)
	}
	ben.until("ben owns the room, and ann has no name", func() bool {
		owns, nameless := false, false
		for _, e := range ben.events {
			switch b := e.Body.Payload.(type) {
			case *wire.Role:
				owns = owns || b.Person == ben.id && b.Role == "owner"
			case *wire.Person:
				nameless = nameless || b.Person == said.By && b.Name == auth.DeletedPerson
			}
		}
		return owns && nameless
	})
	if code, _ := p.request("GET", "/api/v1/rooms/"+aloneID, bens, ""); code != http.StatusNotFound {
		t.Errorf("the room that nobody else was in: %d", code)
	}
	if code, body := p.request("GET", "/api/v1/me", token, ""); code != http.StatusOK || strings.Contains(body, said.By) {
		t.Errorf("the token is still somebody's: %d %s", code, body)
	}
	db, err := sql.Open("sqlite", dbengine.DSN(filepath.Join(p.data, "rooms.db"), "busy_timeout(5000)"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ben.wait("no row of the rooms has her name", func(*syncclient.State) bool {
		var n int
		err := db.QueryRow("SELECT (SELECT count(*) FROM events WHERE instr(data, ?1)) + (SELECT count(*) FROM snapshots WHERE instr(data, ?1))", annsName).Scan(&n)
		return err == nil && n == 0
	})
	if code, body := p.request("GET", "/api/v1/rooms/"+sharedID+"/chat", bens, ""); code != http.StatusOK || !strings.Contains(body, "who is there?") || strings.Contains(body, annsName) {
		t.Errorf("the chat is %d %s", code, body)
	}
	if strings.Contains(p.said(), annsName) || strings.Contains(p.said(), token) {
		t.Error("the log of the server has her name, or her token")
	}
}

// newTestKeeper makes a keeper over real stores, without a server.
func newTestKeeper(t *testing.T, s config.Settings) *keeper {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ppl, err := people.Open(t.Context(), dbengine.Folder(dir), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ppl.Close() })
	rooms := room.New(db, nil, room.Options{
		Idle: time.Minute, SnapshotEvents: 100, TailBytes: 1 << 20, MaxPeople: 3,
		Limits: wire.Limits{BatchBytes: 4096, FileUnits: 2000, Files: 10, ChatUnits: 1000}, PresenceTick: time.Millisecond, CatchupEvents: 100,
		Runs: func() room.RunLimits { return room.RunLimits{} }, KnownLanguage: func(string) bool { return true }, Log: log, Now: time.Now,
	})
	k := newKeeper(rooms, db, nil, &turns{}, s, log)
	k.people = ppl
	return k
}

func TestIdleRoomsEndWhenTheSettingSaysSo(t *testing.T) {
	const day = 24 * time.Hour
	now := time.Now()
	for _, c := range []struct {
		name  string
		keep  time.Duration
		after time.Duration
		here  bool
		gone  bool
	}{
		{"for ever", 0, 10_000 * day, false, false},
		{"not yet", 30 * day, 29 * day, false, false},
		{"long enough", 30 * day, 31 * day, false, true},
		{"long enough, but somebody is there", 30 * day, 31 * day, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newTestKeeper(t, config.Settings{RoomKeep: c.keep})
			ctx := t.Context()
			err := k.rooms.Create(ctx, "red-fox", room.Author{Person: "p1"}, "python", wire.Create{File: "abcdefgh", Name: "a.py"}, true)
			if err == nil {
				err = k.db.Visit(ctx, "red-fox", "p1", "owner")
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.here {
				joinQuietly(t, k.rooms, "red-fox", "p1")
			}
			if err := k.sweep(ctx, now.Add(c.after)); err != nil {
				t.Fatal(err)
			}
			err = k.rooms.Use(ctx, "red-fox", func(*room.Room) error { return nil })
			if gone := codecollab.CodeOf(err) == "no_room"; gone != c.gone || err != nil && !gone {
				t.Errorf("it is gone: %v (%v), want %v", gone, err, c.gone)
			}
			noted, err := k.people.Entries(ctx, auth.AuditQuery{All: true, Limit: 9})
			if err != nil || (len(noted) == 2) != c.gone {
				t.Errorf("the audit log has %+v, %v", noted, err)
			}
		})
	}
}

func joinQuietly(t *testing.T, rooms *room.Rooms, id, person string) {
	t.Helper()
	err := rooms.Use(t.Context(), id, func(r *room.Room) error {
		j, err := r.Join(t.Context(), room.Visitor{Person: person, Session: "s1"}, &wire.Join{Protocol: codecollab.Protocol, Client: "clientofann", Name: "Ann"}, "test", 1000)
		if err == nil {
			t.Cleanup(j.Conn.Leave)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOldAuditLinesAndHintsGo(t *testing.T) {
	k := newTestKeeper(t, config.Settings{AuditKeep: 30 * 24 * time.Hour})
	ctx := t.Context()
	for i := range 3 {
		e := auth.Entry{At: time.Now().Add(-time.Duration(i*20) * 24 * time.Hour), Action: auth.ActSignIn, Outcome: auth.OK, Target: fmt.Sprint("u", i)}
		if err := k.people.Append(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.sweep(ctx, time.Now()); err != nil {
		t.Fatal(err)
	}
	left, err := k.people.Entries(ctx, auth.AuditQuery{All: true, Limit: 9})
	if err != nil || len(left) != 3 || left[0].Action != auth.ActSwept || left[0].Detail["audit"] != "1" {
		t.Errorf("the log is %+v, %v", left, err)
	}
}

func TestOldChatIsForgotten(t *testing.T) {
	const day = 24 * time.Hour
	k := newTestKeeper(t, config.Settings{ChatKeep: 30 * day})
	ctx := t.Context()
	if err := k.rooms.Create(ctx, "red-fox", room.Author{Person: "p1"}, "python", wire.Create{File: "abcdefgh", Name: "a.py"}, true); err != nil {
		t.Fatal(err)
	}
	var said int64
	err := k.rooms.Use(ctx, "red-fox", func(r *room.Room) error {
		done := make(chan error, 1)
		batch := &wire.Batch{Seq: 1, Body: wire.Body{Payload: &wire.Chat{Text: "a word in confidence"}}}
		r.Submit(room.Author{Person: "p1", Client: "clientofann", Name: "Ann"}, batch, func(v codecollab.Version, _ bool, err error) { said = v; done <- err })
		return <-done
	})
	if err != nil {
		t.Fatal(err)
	}
	k.rooms.Close() // saves a snapshot, with the message
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{29 * day, 1}, {31 * day, 0}} {
		if err := k.sweep(ctx, time.Now().Add(c.after)); err != nil {
			t.Fatal(err)
		}
		left, _, err := room.ChatBefore(ctx, k.db, "red-fox", 0, 9)
		if err != nil || len(left) != c.want {
			t.Errorf("after %v the chat is %+v, %v", c.after, left, err)
		}
		records, err := k.db.Read(ctx, "red-fox", said-1, 1)
		if err != nil || len(records) != 1 || records[0].Version != said || strings.Contains(string(records[0].Data), "confidence") != (c.want > 0) {
			t.Errorf("after %v the event is %+v, %v", c.after, records, err)
		}
		snap, err := k.db.Snapshot(ctx, "red-fox", 0)
		if err != nil || snap.Version < said || strings.Contains(string(snap.Data), "confidence") != (c.want > 0) {
			t.Errorf("after %v the snapshot at %d is %s, %v", c.after, snap.Version, snap.Data, err)
		}
	}
	noted, err := k.people.Entries(ctx, auth.AuditQuery{All: true, Limit: 9})
	if err != nil || len(noted) != 1 || noted[0].Detail["chat"] != "1" {
		t.Errorf("the audit log has %+v, %v", noted, err)
	}
}
