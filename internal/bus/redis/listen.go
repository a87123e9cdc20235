package redis

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/redis/rueidis"
)

// listen keeps a connection that hears what others publish, until ctx ends.
func (r *Redis) listen(ctx context.Context) {
	pause := retryFirst
	for ctx.Err() == nil {
		began := time.Now()
		err := r.hear(ctx)
		if ctx.Err() != nil {
			return
		}
		r.away(err)
		if time.Since(began) > retryMost {
			pause = retryFirst
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause/2 + rand.N(pause)): // nodes do not come back all at once
		}
		pause = min(2*pause, retryMost)
	}
}

// pingEvery is how often the connection is tried on which nothing may come for long.
const pingEvery = time.Second

// hear connects and listens until the connection ends. It always returns an error.
func (r *Redis) hear(ctx context.Context) error {
	client, err := r.connect(ctx)
	if err != nil {
		return err
	}
	ear, release := client.Dedicate()
	defer release()
	ended := ear.SetPubSubHooks(rueidis.PubSubHooks{
		OnMessage:      func(m rueidis.PubSubMessage) { r.heard(m.Channel, m.Message) },
		OnSubscription: func(s rueidis.PubSubSubscription) { r.confirmed(s.Kind, s.Channel) },
	})
	defer ear.SetPubSubHooks(rueidis.PubSubHooks{})
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	sent := map[string]*topic{} // what Redis has been asked to send
	if err := try(ctx, ear, ear.B().Ping().Build()); err != nil {
		return err
	}
	r.well()
	for {
		if err := r.adjust(ctx, ear, sent); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-ended:
			return errors.Join(errors.New("the connection has ended"), err)
		case <-r.changed:
		case <-ping.C:
			if err := try(ctx, ear, ear.B().Ping().Build()); err != nil {
				return err
			}
			if err := try(ctx, client, client.B().Ping().Build()); err != nil {
				return err
			}
		}
	}
}

// doer is what runs a command.
type doer interface {
	Do(ctx context.Context, cmd rueidis.Completed) rueidis.RedisResult
}

func try(ctx context.Context, c doer, command rueidis.Completed) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if err := c.Do(ctx, command).Error(); err != nil {
		return said(err)
	}
	return nil
}

// topicsAtOnce bounds one command.
const topicsAtOnce = 500

// adjust asks Redis for the topics that somebody listens to now, and for no others.
func (r *Redis) adjust(ctx context.Context, ear rueidis.DedicatedClient, sent map[string]*topic) error {
	more, less := r.differ(sent)
	for len(more) > 0 {
		n := min(len(more), topicsAtOnce)
		if err := try(ctx, ear, ear.B().Subscribe().Channel(more[:n]...).Build()); err != nil {
			return err
		}
		more = more[n:]
	}
	for len(less) > 0 {
		n := min(len(less), topicsAtOnce)
		if err := try(ctx, ear, ear.B().Unsubscribe().Channel(less[:n]...).Build()); err != nil {
			return err
		}
		less = less[n:]
	}
	return nil
}

// differ compares what is wanted with what was asked for, and takes it as asked for.
func (r *Redis) differ(sent map[string]*topic) (more, less []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, t := range r.topics {
		channel := r.prefix + name
		if sent[channel] != t { // also when it was given up and wanted again meanwhile: asking twice is harmless
			sent[channel] = t
			more = append(more, channel)
		}
	}
	for channel := range sent {
		if r.topics[strings.TrimPrefix(channel, r.prefix)] == nil {
			delete(sent, channel)
			less = append(less, channel)
		}
	}
	return more, less
}

// confirmed notes that Redis sends a topic from now on.
func (r *Redis) confirmed(kind, channel string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.topics[strings.TrimPrefix(channel, r.prefix)]
	if t == nil || kind != "subscribe" {
		return
	}
	t.stands = true
	t.anew()
}
