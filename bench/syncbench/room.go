package syncbench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"codecollab.dev/bench/syncclient"
)

// roomLoad is one room and the people who type in it.
type roomLoad struct {
	id      string
	decoder decoder
	shared  sharedText
	typists []*typist

	mu       sync.Mutex
	refusals map[string]int // by code
}

func (r *roomLoad) refused(x syncclient.Refusal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refusals[x.Code]++
}

// setup makes the room and its clients, each with a guest of its own. The clients are not started.
func (b *bench) setup(ctx context.Context, number int) (*roomLoad, error) {
	r := &roomLoad{refusals: map[string]int{}}
	for i := range b.users {
		token, err := patiently(ctx, func() (string, error) { return syncclient.Guest(ctx, b.http, b.url) })
		if err != nil {
			return nil, err
		}
		if r.id == "" {
			r.id, err = patiently(ctx, func() (string, error) {
				return syncclient.CreateRoom(ctx, b.http, b.url, token, b.language)
			})
			if err != nil {
				return nil, err
			}
		}
		r.typists = append(r.typists, b.typist(r, number*b.users+i, token))
	}
	return r, nil
}

// typist makes one person. The client id is a function of the number alone, and its order is not that of the numbers:
// ids break ties.
func (b *bench) typist(r *roomLoad, num int, token string) *typist {
	random := rand.New(rand.NewPCG(b.seed, uint64(num)))
	id := fmt.Sprintf("%c%06dx%04d", 'a'+rune(random.IntN(26)), num, random.IntN(10_000))
	t := &typist{num: num, id: id, room: r, random: random, keystroke: b.keystroke}
	b.registryMu.Lock()
	t.author = b.registry.add(id)
	b.registryMu.Unlock()
	hooks := t.hooks(&b.registry, b.users-1)
	if num%b.users >= b.replicas {
		hooks.Commit = r.shared.commit
	}
	t.client = syncclient.New(syncclient.Config{
		URL: b.urlOf(num), Room: r.id, Token: token, ID: id, Name: fmt.Sprintf("typist %d", num), Color: num % 12,
		Hooks: hooks,
		HTTP:  &http.Client{Transport: counting(t.clock.Transport(), &b.received)},
		Parse: r.decoder.parse,
	})
	return t
}

// urlOf is the node that a person is at.
func (b *bench) urlOf(num int) string {
	if b.apart {
		num /= b.users
	}
	return b.urls[num%len(b.urls)]
}

// patiently repeats a request that the server refuses for the moment.
func patiently(ctx context.Context, request func() (string, error)) (string, error) {
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		answer, err := request()
		if err == nil || !temporary(err) {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return "", err
		case <-time.After(pause/2 + rand.N(pause)):
		}
	}
}

// counting makes a transport add what its connections receive to a counter, in bytes.
func counting(transport *http.Transport, received *atomic.Int64) *http.Transport {
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return countingConn{conn, received}, nil
	}
	return transport
}

type countingConn struct {
	net.Conn
	received *atomic.Int64
}

// Read implements net.Conn.
func (c countingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received.Add(int64(n))
	return n, err
}
