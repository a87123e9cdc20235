package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/run/queue"
	"codecollab.dev/internal/server"
	nodestore "codecollab.dev/internal/store/nodes"
)

// lease keeps this node among those that are alive, and takes back what dead ones were working at. A node alone, on SQLite, has none.
type lease struct {
	table   *nodestore.Table // nil: alone
	me      nodestore.Node
	last    time.Duration // a node that has not been heard of for so long is dead
	leaving atomic.Bool
	log     *slog.Logger
}

func takeLease(ctx context.Context, s config.Settings, kept *stores, log *slog.Logger) (*lease, error) {
	name := nodeName(s)
	l := &lease{last: s.NodeLease, log: log, me: nodestore.Node{
		ID: name + "-" + strings.ToLower(rand.Text()[:8]), Name: name, Address: s.Addr, Version: version, Protocol: codecollab.Protocol,
	}}
	if kept.server == nil {
		return l, nil
	}
	var err error
	if l.table, err = nodestore.Open(ctx, kept.server); err != nil {
		return nil, err
	}
	if err := l.table.Beat(ctx, l.me); err != nil {
		return nil, errors.Join(err, l.table.Close())
	}
	return l, nil
}

// beats is how often a lease is renewed before it would end.
const beats = 5

// keep renews the lease until ctx ends, and gives jobs of dead nodes another chance.
func (l *lease) keep(ctx context.Context, q *queue.Queue) {
	if l.table == nil {
		return
	}
	t := time.NewTicker(l.last / beats)
	defer t.Stop()
	for {
		if err := l.beat(ctx, q); err != nil && ctx.Err() == nil {
			l.log.Warn("the node cannot say that it is alive, and others may take over what it runs", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

func (l *lease) beat(ctx context.Context, q *queue.Queue) error {
	me := l.me
	me.Leaving = l.leaving.Load()
	if err := l.table.Beat(ctx, me); err != nil {
		return err
	}
	live, err := l.table.Live(ctx, l.last)
	if err != nil {
		return err
	}
	ids := make([]string, len(live))
	for i, n := range live {
		ids[i] = n.ID
	}
	n, err := q.Rescue(ctx, ids)
	if n > 0 {
		l.log.Warn("runs of a node that is gone begin again elsewhere", "runs", n)
	}
	return err
}

// leave says that the node is being stopped.
func (l *lease) leave() {
	l.leaving.Store(true)
	if l.table == nil {
		return
	}
	me := l.me
	me.Leaving = true
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := l.table.Beat(ctx, me); err != nil {
		l.log.Warn("the others do not know that this node stops", "err", err)
	}
}

// Close gives the lease back.
func (l *lease) Close() error {
	if l.table == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := l.table.Leave(ctx, l.me.ID); err != nil {
		l.log.Warn("the node stays on the list of the living for a while", "err", err)
	}
	return l.table.Close()
}

// nodes are those that are alive, for administrators; this one alone when the list cannot be had.
func (l *lease) nodes(ctx context.Context) []server.Node {
	if l.table == nil {
		return nil
	}
	all, err := l.table.Live(ctx, l.last)
	if err != nil {
		return nil
	}
	out := make([]server.Node, len(all))
	for i, n := range all {
		out[i] = server.Node{Name: n.Name, Version: n.Version, Since: n.Since.UnixMilli(), Here: n.ID == l.me.ID, Leaving: n.Leaving}
	}
	return out
}

// openQueue opens the queue of runs: of this node, or of all.
func openQueue(ctx context.Context, s config.Settings, kept *stores, node string, log *slog.Logger) (*queue.Queue, error) {
	if kept.server == nil {
		return queue.Open(ctx, filepath.Join(s.Data, "queue.db"), log)
	}
	return queue.Postgres(ctx, kept.server.Config(queue.Schema), kept.conns.queue, node, log)
}
