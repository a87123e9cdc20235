package syncbench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"

	"codecollab.dev"
	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/wire"
)

// verify compares every room's clients, and what was acknowledged to them, with the text that a newcomer gets.
func (b *bench) verify(ctx context.Context, result *Result) error {
	var mu sync.Mutex
	return each(ctx, len(b.loads), func(ctx context.Context, i int) error {
		ctx, cancel := context.WithTimeout(ctx, b.settle)
		defer cancel()
		truth, err := b.newcomer(ctx, b.urls[i%len(b.urls)], b.loads[i].id)
		if err != nil {
			return fmt.Errorf("joining room %s to compare: %w", b.loads[i].id, err)
		}
		found, err := b.loads[i].compare(ctx, truth)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		result.add(found)
		return nil
	})
}

// newcomer joins a room for the first time and returns the snapshot that it gets.
func (b *bench) newcomer(ctx context.Context, url, room string) (*wire.State, error) {
	token, err := patiently(ctx, func() (string, error) { return syncclient.Guest(ctx, b.http, b.url) })
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var snapshot *wire.State
	c := syncclient.New(syncclient.Config{
		URL: url, Room: room, Token: token, ID: fmt.Sprintf("newcomer%08x", rand.Uint32()), Name: "newcomer",
		HTTP: b.http, Message: func(m wire.Message) {
			if j, ok := m.(*wire.Joined); ok {
				snapshot = j.Snapshot
			}
		},
	})
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	err = c.Wait(ctx, (*syncclient.State).Ready)
	cancel()
	<-ended
	if err == nil && snapshot == nil {
		err = codecollab.Errorf(codecollab.Invalid, "no_snapshot", "The first join was answered without a snapshot.")
	}
	return snapshot, err
}

// findings are what one room adds to the result.
type findings struct{ tokens, lost, doubled, diverged int64 }

// compare waits until all clients of the room are where the snapshot is, and compares.
func (r *roomLoad) compare(ctx context.Context, truth *wire.State) (findings, error) {
	var f findings
	texts := map[string]string{}
	count := map[string]int64{}
	for _, file := range truth.Files {
		texts[file.ID] = file.Text
		countTokens(file.Text, count)
	}
	for _, n := range count {
		f.doubled += max(0, n-1)
	}
	for _, t := range r.typists {
		reached := func(s *syncclient.State) bool { return s.Version() >= truth.Version && s.Ready() }
		if err := t.client.Wait(ctx, reached); err != nil {
			return f, fmt.Errorf("typist %d does not get to version %d: %w", t.num, truth.Version, err)
		}
		t.client.With(func(s *syncclient.State) {
			if !same(s, truth.Version, texts) {
				f.diverged++
			}
			for _, token := range t.acked {
				f.tokens++
				if count[token] == 0 {
					f.lost++
				}
			}
		})
	}
	return f, nil
}

// same reports whether a client has exactly these texts at this version.
func same(s *syncclient.State, version codecollab.Version, texts map[string]string) bool {
	if s.Version() != version || len(s.Files()) != len(texts) {
		return false
	}
	for _, d := range s.Files() {
		want, ok := texts[d.ID]
		if !ok || d.Text().String() != want {
			return false
		}
	}
	return true
}

// countTokens counts the tokens «…» of a text. One that was being typed when the time was over has no end; what
// follows it counts.
func countTokens(text string, into map[string]int64) {
	for {
		before, after, ok := strings.Cut(text, "»")
		if !ok {
			return
		}
		if open := strings.LastIndex(before, "«"); open >= 0 {
			into[before[open:]+"»"]++
		}
		text = after
	}
}
