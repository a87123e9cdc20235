package main

import (
	"context"
	"testing"
	"time"

	"codecollab.dev/bench/voiceclient"
	"codecollab.dev/internal/wire"
)

// A node dies while it has the voice of a room with people on both nodes: the other one takes over when the lease has ended, and not
// before. What a page does by itself when its connection ends is tested with pages (web/e2e/tests/voice.spec.ts).
func TestTheNodeOfARoomsVoiceDies(t *testing.T) {
	const (
		lease = 12 * time.Second // as docs/voice.md says
		more  = 15 * time.Second // for a question that the dead node does not answer, and one more try
	)
	here, there, _ := twoNodes(t)
	room, token := here.room("python")
	ann := voiceclient.Config{Room: room, Token: token, Client: "annannann"}
	ben := voiceclient.Config{Room: room, Token: there.guest(), Client: "benbenben"}
	a, b := here.speaker(ann), there.speaker(ben)
	hears(t, a, b)
	hears(t, b, a)
	watcher := there.join(room, there.guest(), "cydcydcyd") // is told of voice, and does not talk

	here.kill()
	died := time.Now()
	a.Close()
	b.Close()
	a, b = there.comeBack(t, ann), there.comeBack(t, ben)
	hears(t, a, b)
	hears(t, b, a)
	if took := time.Since(died); took > lease+more {
		t.Errorf("they heard each other after %s, and the lease is for %s", took, lease)
	} else {
		t.Logf("they heard each other after %s", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := voiceclient.Await(ctx, a, func(m *wire.VoicePeople) bool { return len(m.People) == 2 && !m.Stale }); err != nil {
		t.Error(err)
	}
	watcher.append("and the room goes on")
	watcher.settle()
}

// comeBack tries to talk until it works, as a page does; what is said while the dead node counts as alive is that one may try again.
func (p *program) comeBack(t *testing.T, cfg voiceclient.Config) (who *voiceclient.Person) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var err error
	for ctx.Err() == nil {
		if who, err = p.tryToSpeak(ctx, cfg); err == nil {
			return who
		}
	}
	t.Fatalf("%s cannot talk again: %v", cfg.Client, err)
	return nil
}
