// Package redis is the bus of several nodes, and what else they share: a cache and counters. All of it may be lost at any time, so
// nobody waits for Redis: while it is away, messages reach this node alone, and the cache and the counters say ErrAway.
//
// It works with Redis from 6 on, and with Valkey.
package redis

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"codecollab.dev/internal/bus"
)

// ErrAway is why something could not be asked for: Redis cannot be reached now.
var ErrAway = errors.New("redis cannot be reached")

// Options are what a Redis is made of.
type Options struct {
	URL string // like redis://:password@host:6379/0
	Log *slog.Logger
}

// Health says whether this node and Redis are connected.
type Health struct {
	OK    bool
	Since time.Time // since when that is so
	Why   string    // when it is not
}

// Redis is a connection that comes back by itself. It is a bus.Bus.
type Redis struct {
	opt    rueidis.ClientOption
	log    *slog.Logger
	prefix string      // of topics and keys
	self   string      // stands before what this process publishes
	local  *bus.Memory // hears at once what is published here
	stop   context.CancelFunc
	gone   sync.WaitGroup
	changed,
	waiting chan struct{} // topics have been added or taken away; there is something to send

	mu      sync.Mutex // guards all below; never held over IO
	client  rueidis.Client
	health  Health
	topics  map[string]*topic
	outbox  []message
	bytes   int  // in the outbox
	sending bool // something is on its way
	lost    bool
}

// topic is what somebody here listens to.
type topic struct {
	ears   int  // subscriptions
	stands bool // Redis has confirmed that it sends them
	next   int
	whole  map[int]func() // to be called whenever it stands anew
}

type message struct {
	channel string
	data    string
}

// dialTime and answerTime are how long Redis may take before it counts as away.
const (
	dialTime   = 2 * time.Second
	answerTime = 2 * time.Second
)

// Open makes the connection. That Redis cannot be reached is no error: Health says so, and it is tried again and again. An address
// that is none, a wrong password, missing rights and a Redis older than 6 are.
func Open(ctx context.Context, opt Options) (*Redis, error) {
	client, err := parse(opt.URL)
	if err != nil {
		return nil, err
	}
	r := &Redis{
		opt: client, log: opt.Log, prefix: fmt.Sprintf("codecollab/%d/", client.SelectDB), self: rand.Text(), local: bus.NewMemory(),
		changed: make(chan struct{}, 1), waiting: make(chan struct{}, 1), topics: map[string]*topic{},
		health: Health{Since: time.Now(), Why: "it has not been tried yet"},
	}
	if _, err := r.connect(ctx); err != nil {
		if isRefusal(err) {
			return nil, err
		}
		r.away(err)
	}
	ctx, r.stop = context.WithCancel(context.WithoutCancel(ctx))
	r.gone.Go(func() { r.listen(ctx) })
	r.gone.Go(func() { r.send(ctx) })
	return r, nil
}

// lastWords is how long what is still to be sent has when it ends.
const lastWords = 500 * time.Millisecond

// Close sends what waits, and ends the connection. Nothing more is heard then.
func (r *Redis) Close() error {
	for end := time.Now().Add(lastWords); time.Now().Before(end) && !r.said(); {
		time.Sleep(time.Millisecond)
	}
	r.stop()
	r.gone.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.client != nil {
		r.client.Close()
	}
	return nil
}

// said reports whether nothing waits to be sent.
func (r *Redis) said() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.outbox) == 0 && !r.sending
}

// Health says how the connection is.
func (r *Redis) Health() Health {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.health
}

// parse reads an address. What is wrong with it is told without it, since it holds the password.
func parse(address string) (rueidis.ClientOption, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "redis" && u.Scheme != "rediss" && u.Scheme != "valkey" && u.Scheme != "valkeys" && u.Scheme != "unix" {
		return rueidis.ClientOption{}, errors.New(
			"redis-url: this is no address of a Redis; one looks like redis://:password@host:6379/0, or rediss://… with TLS. Characters like @ and / in the password are written as %40 and %2F")
	}
	opt, err := rueidis.ParseURL(address)
	if err != nil {
		return opt, errors.New("redis-url: after the host and the port comes at most the number of a database, like redis://host:6379/0")
	}
	opt.DisableCache, opt.ForceSingleClient, opt.DisableRetry = true, true, true
	opt.Dialer.Timeout, opt.Dialer.KeepAlive, opt.ConnWriteTimeout = dialTime, time.Second, answerTime
	opt.ClientName = "codecollab"
	opt.PipelineMultiplex = -1 // few messages, in their order
	opt.RingScaleEachConn = 8
	return opt, nil
}

// connect returns the client, and makes it first if there is none.
func (r *Redis) connect(ctx context.Context) (rueidis.Client, error) {
	r.mu.Lock()
	c := r.client
	r.mu.Unlock()
	if c != nil {
		return c, nil
	}
	c, err := rueidis.NewClient(r.opt)
	if err != nil {
		return nil, said(err)
	}
	if err := checkVersion(ctx, c); err != nil {
		c.Close()
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.client = c
	return c, nil
}

// oldest is the first version that has what is used here.
const oldest = 6

func checkVersion(ctx context.Context, c rueidis.Client) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	info, err := c.Do(ctx, c.B().Info().Section("server").Build()).ToString()
	if err != nil {
		return said(err)
	}
	for line := range strings.Lines(info) {
		version, ok := strings.CutPrefix(strings.TrimSpace(line), "redis_version:")
		if !ok {
			continue
		}
		major, _, _ := strings.Cut(version, ".")
		if n, err := strconv.Atoi(major); err == nil && n < oldest {
			return refusal{fmt.Sprintf("the Redis of redis-url is too old: it is version %.20s, and %d is the oldest that will do. Update it, or leave redis-url empty: nodes then look into the database", version, oldest)}
		}
	}
	return nil
}

// refusal is a failure that trying again does not mend.
type refusal struct{ message string }

func (r refusal) Error() string { return r.message }

func isRefusal(err error) bool {
	_, ok := errors.AsType[refusal](err)
	return ok
}

// said puts what Redis answers into words.
func said(err error) error {
	answer, ok := rueidis.IsRedisErr(err)
	if !ok {
		return err
	}
	text := answer.Error()
	code, _, _ := strings.Cut(text, " ")
	switch code {
	case "WRONGPASS", "NOAUTH":
		return refusal{"the Redis of redis-url does not take the password (or the user): " + text + ". The address looks like redis://user:password@host:6379/0; without a user of its own, leave that empty"}
	case "NOPERM":
		return refusal{"the user of redis-url may not do what is needed: " + text +
			". It needs the commands PING, INFO, SUBSCRIBE, UNSUBSCRIBE, PUBLISH, GET, SET, DEL and EVALSHA/EVAL, on keys and channels that begin with codecollab/"}
	case "DENIED":
		return refusal{"the Redis of redis-url is in protected mode and takes nobody from another host: give it a password (requirepass), and name it in redis-url"}
	}
	if strings.Contains(text, "AUTH") || strings.Contains(text, "DB index") {
		return refusal{"the Redis of redis-url refuses what the address says: " + text}
	}
	return err // it is loading, say
}

// well and away tell how the connection is, to the log when that changes.
func (r *Redis) well() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.health.OK {
		r.health = Health{OK: true, Since: time.Now()}
		r.log.Info("connected to Redis", "addr", r.opt.InitAddress[0])
	}
}

func (r *Redis) away(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.health.OK || r.health.Why != err.Error() {
		if r.health.OK {
			r.health.Since = time.Now()
		}
		r.health.OK, r.health.Why = false, err.Error()
		r.log.Warn("Redis is away: nodes hear of each other's rooms later, by the database, and people on other nodes are not seen; it is tried again",
			"addr", r.opt.InitAddress[0], "err", err)
	}
	r.outbox, r.bytes = nil, 0 // whoever comes back asks
	for _, t := range r.topics {
		t.stands = false
	}
}
