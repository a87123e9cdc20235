package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"codecollab.dev"
	"codecollab.dev/internal/store/engine"
)

// writer owns the one connection that writes, and commits what waits in groups.
type writer struct {
	conn *sql.Conn
	todo chan *write
	gone chan struct{}

	mu     sync.RWMutex
	closed bool
}

// write is one thing to write. do either writes all of its own and returns nil, or writes nothing and returns a
// *codecollab.Error; after any other error the group is rolled back.
type write struct {
	do   func(context.Context, *sql.Tx) error
	err  error
	done chan struct{}
}

// groupMax bounds a group, so that the first in it does not wait for ever.
const groupMax = 512

func newWriter(conn *sql.Conn) *writer {
	return &writer{conn: conn, todo: make(chan *write, groupMax), gone: make(chan struct{})}
}

// submit waits until do's writes are durable or refused. When ctx ends first the outcome is unknown.
func (w *writer) submit(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	job := &write{do: do, done: make(chan struct{})}
	if err := w.send(ctx, job); err != nil {
		return err
	}
	select {
	case <-job.done:
		return job.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) send(ctx context.Context, job *write) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return codecollab.Errorf(codecollab.Unavailable, "busy", "The server is stopping.")
	}
	select {
	case w.todo <- job:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) close() {
	w.mu.Lock()
	w.closed = true
	close(w.todo)
	w.mu.Unlock()
	<-w.gone
}

func (w *writer) run() {
	defer close(w.gone)
	defer w.conn.Close()
	for first := range w.todo {
		w.commit(w.gather(first))
	}
}

// gather takes what waits already; it does not wait for more, since the last fsync has given others time to come.
func (w *writer) gather(first *write) []*write {
	group := []*write{first}
	for len(group) < groupMax {
		select {
		case job, ok := <-w.todo:
			if !ok {
				return group
			}
			group = append(group, job)
		default:
			return group
		}
	}
	return group
}

// commit writes a group. When the group fails, each is tried alone, so that one cannot fail the others.
func (w *writer) commit(group []*write) {
	err := w.transaction(group)
	if err != nil && len(group) > 1 {
		for _, job := range group {
			w.commit([]*write{job})
		}
		return
	}
	for _, job := range group {
		if err != nil {
			job.err = storageError(err)
		}
		close(job.done)
	}
}

func (w *writer) transaction(group []*write) error {
	ctx := context.Background() // a group is never left half-way
	tx, err := w.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, job := range group {
		job.err = job.do(ctx, tx)
		if _, refused := errors.AsType[*codecollab.Error](job.err); job.err != nil && !refused {
			return errors.Join(job.err, ignoreDone(tx.Rollback()))
		}
	}
	if err := tx.Commit(); err != nil {
		// A failed COMMIT (a full disk) leaves SQLite's transaction open; database/sql thinks it is over.
		_, _ = w.conn.ExecContext(ctx, "ROLLBACK")
		return err
	}
	return nil
}

// ignoreDone drops the error of rolling back what SQLite has rolled back by itself.
func ignoreDone(err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok && e.Code() == sqlite3.SQLITE_ERROR {
		return nil
	}
	return err
}

// storageError says in words when nothing can be written now.
func storageError(err error) error { return engine.ReadOnly(err) }
