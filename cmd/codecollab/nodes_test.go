package main

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/servicetest"
	dbengine "codecollab.dev/internal/store/engine"
	"codecollab.dev/internal/store/people"
)

// office is the desk of people of one node.
type office struct {
	nodes *nodes
	desk  *auth.Desk
	ended atomic.Int32
}

func newOffice(t *testing.T, db *people.Store, redisURL string) *office {
	t.Helper()
	s := config.Default()
	s.RedisURL = config.NewSecret(redisURL)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	n, err := joinNodes(t.Context(), s, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	o := &office{nodes: n, desk: newPeopleDesk(s, db, noVisits{}, func(auth.Entry) {}, log)}
	o.desk.Watch(func(auth.Ended) { o.ended.Add(1) })
	stop := n.people(o.desk, log)
	t.Cleanup(func() { stop() })
	eventually(t, "connected to Redis", func() bool { return n.Health().OK })
	return o
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come to this: ", what)
		}
	}
}

// Who is deactivated on one node is out on the other within a second; while Redis is away, within a few.
func TestSomebodyIsOutOnAllNodes(t *testing.T) {
	redis := servicetest.Redis(t)
	db, err := people.Open(t.Context(), dbengine.Folder(t.TempDir()), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	here, there := newOffice(t, db, redis.URL), newOffice(t, db, redis.URL)
	ann, err := here.desk.Arrive(t.Context(), auth.Arrival{Provider: "test", Subject: "ann", Name: "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	known := func(token string) bool {
		t.Helper()
		_, _, err := there.desk.Identify(t.Context(), token)
		if err != nil && codecollab.CodeOf(err) != "signed_out" {
			t.Fatal(err)
		}
		return err == nil
	}
	signIn := func() string {
		t.Helper()
		token, _, err := here.desk.SignIn(t.Context(), ann, auth.Session{})
		if err != nil {
			t.Fatal(err)
		}
		if !known(token) {
			t.Fatal("who has signed in on one node is unknown to the other")
		}
		return token
	}
	putOut := func(token string, most time.Duration) {
		t.Helper()
		began := time.Now()
		if err := here.desk.EndSessions(t.Context(), ann.ID); err != nil {
			t.Fatal(err)
		}
		eventually(t, "they are out", func() bool { return !known(token) })
		if took := time.Since(began); took > most {
			t.Errorf("it took %s", took)
		}
	}
	putOut(signIn(), time.Second)
	eventually(t, "the other node ends their connections", func() bool { return there.ended.Load() == 1 })
	if n := here.ended.Load(); n != 1 {
		t.Errorf("the node itself ended them %d times", n)
	}
	token := signIn()
	redis.Stop()
	eventually(t, "Redis is away", func() bool { return !here.nodes.Health().OK && !there.nodes.Health().OK })
	putOut(token, believeAlone+2*time.Second)
	var looked atomic.Int32
	there.desk.WatchChanges(func(person string) {
		if person == "" {
			looked.Add(1)
		}
	})
	redis.Start()
	eventually(t, "everybody is looked at again when it is back", func() bool { return looked.Load() > 0 })
}
