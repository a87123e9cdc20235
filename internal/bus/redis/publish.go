package redis

import (
	"context"
	"strings"
	"time"

	"github.com/redis/rueidis"
)

// What waits to be sent at most. What comes beyond it is dropped; then all who follow a topic begin anew.
const (
	outboxMessages = 65_536
	outboxBytes    = 64 << 20
	sendAtOnce     = 256
)

// mark ends the name of the sender in front of a message.
const mark = "\n"

// Publish implements bus.Bus.
func (r *Redis) Publish(topic string, data []byte) {
	r.local.Publish(topic, data)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case !r.health.OK:
		return // whoever listens asks when Redis is back
	case len(r.outbox) >= outboxMessages || r.bytes+len(data) > outboxBytes:
		r.lost = true
		return
	}
	r.outbox = append(r.outbox, message{r.prefix + topic, r.self + mark + string(data)})
	r.bytes += len(data)
	poke(r.waiting)
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// send hands over what waits, in its order, until ctx ends.
func (r *Redis) send(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.waiting:
		}
		for {
			client, batch, lost := r.take()
			if lost {
				r.begin()
			}
			if len(batch) == 0 {
				break
			}
			if err := publish(ctx, client, batch); err != nil && ctx.Err() == nil {
				r.log.Debug("messages to other nodes are lost", "messages", len(batch), "err", err)
				r.mu.Lock()
				r.lost = true
				r.mu.Unlock()
				poke(r.waiting)
				break
			}
		}
	}
}

func (r *Redis) take() (client rueidis.Client, batch []message, lost bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sending = len(r.outbox) > 0
	lost = r.lost && r.health.OK
	if lost {
		r.lost = false
	}
	n := min(len(r.outbox), sendAtOnce)
	batch = r.outbox[:n:n]
	r.outbox = r.outbox[n:]
	for i := range batch {
		r.bytes -= len(batch[i].data) - len(r.self) - len(mark)
	}
	if len(r.outbox) == 0 {
		r.outbox = nil
	}
	return r.client, batch, lost
}

func publish(ctx context.Context, c rueidis.Client, batch []message) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	commands := make([]rueidis.Completed, len(batch))
	for i, m := range batch {
		commands[i] = c.B().Publish().Channel(m.channel).Message(m.data).Build()
	}
	for _, result := range c.DoMulti(ctx, commands...) {
		if err := result.Error(); err != nil {
			return err
		}
	}
	return nil
}

// Subscribe implements bus.Bus.
func (r *Redis) Subscribe(name string, f func([]byte)) (cancel func()) {
	return r.want(name, r.local.Subscribe(name, f), nil)
}

// Follow implements bus.Bus. While Redis is away nothing is lost that this node publishes, so that whole is called at once then, too.
func (r *Redis) Follow(name string, f func([]byte), whole func()) (cancel func()) {
	cancel, again := r.local.FollowAgain(name, f, whole)
	return r.want(name, cancel, again)
}

// want has Redis send a topic, for as long as somebody listens.
func (r *Redis) want(name string, cancelLocal, again func()) (cancel func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.topics[name]
	if t == nil {
		t = &topic{whole: map[int]func(){}}
		r.topics[name] = t
		poke(r.changed)
	}
	t.ears++
	id := t.next
	t.next++
	if again != nil {
		t.whole[id] = again
		if t.stands || !r.health.OK {
			again()
		}
	}
	done := false
	return func() {
		cancelLocal()
		r.mu.Lock()
		defer r.mu.Unlock()
		if done {
			return
		}
		done = true
		delete(t.whole, id)
		if t.ears--; t.ears == 0 && r.topics[name] == t {
			delete(r.topics, name)
			poke(r.changed)
		}
	}
}

// begin has all who follow a topic begin anew.
func (r *Redis) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.topics {
		if t.stands {
			t.anew()
		}
	}
}

func (t *topic) anew() {
	for _, again := range t.whole {
		again()
	}
}

// heard hands on what another process has published.
func (r *Redis) heard(channel, data string) {
	sender, data, ok := strings.Cut(data, mark)
	name, ours := strings.CutPrefix(channel, r.prefix)
	if ok && ours && sender != r.self {
		r.local.Publish(name, []byte(data))
	}
}

// retryFirst and retryMost bound the pauses between tries to connect.
const (
	retryFirst = 50 * time.Millisecond
	retryMost  = 2 * time.Second
)
