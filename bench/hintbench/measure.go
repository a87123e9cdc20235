package hintbench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"codecollab.dev/bench/ownserver"
	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// class is a room with hints on, and who is in it.
type class struct {
	url, room, key, file string
	owner                *syncclient.Client
	token                string
}

func (o *options) measure(ctx context.Context) (r Result, err error) {
	m := startModel(o)
	defer m.Close()
	server, err := o.serve(ctx, m.URL+"/v1 bench")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c, err := openClass(ctx, server.URL)
	if err != nil {
		return nil, err
	}
	r = Result{}
	for _, step := range []func(context.Context, *class, *model, Result) error{o.firstWords, o.cached, o.many} {
		if err := step(ctx, c, m, r); err != nil {
			return r, err
		}
	}
	return r, nil
}

// serve starts a server that may ask the model; its limits are out of the way.
func (o *options) serve(ctx context.Context, provider string) (*ownserver.Server, error) {
	return ownserver.Start(ctx, o.self, "", o.progress, "--hint-providers", provider, "--hint-person-minute", "1000", "--hint-person-max", "100",
		"--hint-person-tokens", "1Gi", "--hint-room-tokens", "1Gi", "--hint-server-tokens", "1Gi", "--log-level", "warn")
}

func openClass(ctx context.Context, url string) (*class, error) {
	c := &class{url: url}
	var err error
	if c.token, err = syncclient.Guest(ctx, http.DefaultClient, url); err != nil {
		return nil, err
	}
	address, err := syncclient.CreateRoom(ctx, http.DefaultClient, url, c.token, "python")
	if err != nil {
		return nil, err
	}
	c.room, c.key = syncclient.Address(address)
	on := make(chan struct{})
	c.owner = syncclient.New(syncclient.Config{URL: url, Room: address, Token: c.token, ID: "hintbench", Name: "Owner",
		Hooks: syncclient.Hooks{Event: func(e *wire.Event) {
			if e.Body.Kind() == "hints" {
				close(on)
			}
		}}})
	go func() { _ = c.owner.Run(ctx) }() // that it ended shows in what waits for it
	if err := c.owner.Wait(ctx, (*syncclient.State).Ready); err != nil {
		return nil, err
	}
	c.owner.With(func(s *syncclient.State) { c.file = s.Files()[0].ID })
	c.owner.Do(&wire.Hints{On: true, Level: 4, Models: true})
	select {
	case <-on:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// write gives the room a program that nobody has asked about.
func (c *class) write(ctx context.Context, n int) error {
	program := fmt.Sprintf("numbers = [%d, 2, 3]\nfor i in range(len(numbers) + 1):\n    print(numbers[i])\n", n)
	err := c.owner.Edit(c.file, func(doc text.Text) ot.ChangeSet { return ot.Replace(doc.Len(), 0, doc.Len(), program) })
	if err != nil {
		return err
	}
	return c.owner.Wait(ctx, func(s *syncclient.State) bool { return s.Ready() && s.Quiet() })
}

// asked is how a question went.
type asked struct {
	first, whole time.Duration // to the first word, and to the whole answer
	cached       bool
}

// ask asks and reads the answer to its end.
func (c *class) ask(ctx context.Context, token string, level int) (a asked, err error) {
	body := fmt.Sprintf(`{"file":%q,"level":%d,"caret":2}`, c.file, level)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/api/v1/rooms/"+c.room+"/hints", bytes.NewBufferString(body))
	if err != nil {
		return a, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("X-Room-Key", c.key)
	begun := time.Now()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return a, err
	}
	defer res.Body.Close()
	in := bufio.NewScanner(res.Body)
	for in.Scan() {
		var l struct {
			Text   string
			Answer *struct {
				Source, Text string
				Cached       bool
			}
			Error *struct{ Message string }
		}
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			return a, err
		}
		switch {
		case l.Error != nil:
			return a, errors.New(l.Error.Message)
		case l.Answer != nil:
			if l.Answer.Source != "model" || !strings.HasPrefix(l.Answer.Text, "How far") {
				return a, fmt.Errorf("this is not the model's answer: %+v", l.Answer)
			}
			a.whole, a.cached = time.Since(begun), l.Answer.Cached
			return a, nil
		case l.Text != "" && a.first == 0:
			a.first = time.Since(begun)
		}
	}
	return a, fmt.Errorf("the server answered %s and broke off", res.Status)
}

// firstWords measures the time to the first word of a model, beside what the model takes: once with a program that has to be looked
// into, once with one whose facts are known.
func (o *options) firstWords(ctx context.Context, c *class, m *model, r Result) error {
	var cold, added, whole []time.Duration
	for n := range o.asks {
		if err := c.write(ctx, n); err != nil {
			return err
		}
		for level := 1; level <= 2; level++ { // facts do not depend on the level, and answers do
			a, err := c.ask(ctx, c.token, level)
			if err != nil {
				return err
			}
			if level == 1 {
				cold = append(cold, a.first-m.own())
				continue
			}
			added, whole = append(added, a.first-m.own()), append(whole, a.first)
		}
	}
	r.note("first_word.cold_added_", cold)
	r.note("first_word.added_", added)
	r.note("first_word.", whole)
	fmt.Fprintf(o.progress, "first word: %.1f ms, of which %.2f ms are ours\n", r["first_word.p50_ms"], r["first_word.added_p50_ms"])
	return nil
}

// cached measures answers that are known. It is the time of a whole request as the asker sees it, more than the server's own.
func (o *options) cached(ctx context.Context, c *class, m *model, r Result) error {
	before := m.calls.Load()
	var all []time.Duration
	for range max(o.asks, 100) {
		a, err := c.ask(ctx, c.token, 2)
		if err != nil {
			return err
		}
		if !a.cached {
			return errors.New("an answer that was given before is not cached")
		}
		all = append(all, a.whole)
	}
	if m.calls.Load() != before {
		return errors.New("the model was asked for what is cached")
	}
	r.note("cached.", all)
	fmt.Fprintf(o.progress, "cached: %.2f ms\n", r["cached.p50_ms"])
	return nil
}

// many lets people ask about the same program at once, and again when they have their answers.
func (o *options) many(ctx context.Context, c *class, m *model, r Result) error {
	if err := c.write(ctx, -1); err != nil {
		return err
	}
	tokens := make([]string, o.students)
	for i := range tokens {
		token, err := syncclient.Guest(ctx, http.DefaultClient, c.url)
		if err != nil {
			return err
		}
		tokens[i] = token
	}
	before := m.calls.Load()
	release := m.hold()
	time.AfterFunc(time.Second, release) // all have asked by then
	var hits int
	for range 2 {
		var mu sync.Mutex
		var errs []error
		var all sync.WaitGroup
		for _, token := range tokens {
			all.Go(func() {
				a, err := c.ask(ctx, token, 3)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					errs = append(errs, err)
				}
				if a.cached {
					hits++
				}
			})
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			return err
		}
	}
	r["students.people"], r["students.calls"] = float64(o.students), float64(m.calls.Load()-before)
	r["students.hit_rate"] = float64(hits) / float64(2*o.students)
	fmt.Fprintf(o.progress, "%d people, twice: %.0f calls\n", o.students, r["students.calls"])
	return nil
}
