package main

import (
	"context"
	"log/slog"
	"time"

	nodestore "codecollab.dev/internal/store/nodes"
)

// turns has work done by one node at a time. A node that is gone, or stands still, loses its turn after a while; what it was
// doing may then be done twice, so that has to do no harm.
type turns struct {
	table *nodestore.Table // nil: there is one node
	node  string
	log   *slog.Logger
}

const turnLength = time.Minute

// turns are those of this node.
func (l *lease) turns() *turns { return &turns{table: l.table, node: l.me.ID, log: l.log} }

// take does some work unless another node does it now. The work's context ends when the turn is lost.
func (t *turns) take(ctx context.Context, work string, do func(context.Context)) (mine bool, err error) {
	if t.table == nil {
		do(ctx)
		return true, nil
	}
	if holder, err := t.table.Lease(ctx, work, t.node, turnLength); err != nil || holder != t.node {
		return false, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := every(turnLength/3, func() {
		if holder, err := t.table.Lease(ctx, work, t.node, turnLength); err == nil && holder != t.node {
			t.log.Warn("another node has taken over", "work", work)
			cancel()
		}
	})
	do(ctx)
	stop()
	return true, t.table.Release(context.WithoutCancel(ctx), work, t.node)
}
