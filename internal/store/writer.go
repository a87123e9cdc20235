package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"codecollab.dev"
	"codecollab.dev/internal/store/engine"
	"codecollab.dev/internal/store/wal"
)

// writer owns the one connection that writes, and commits what waits in groups. While one group is brought to the disk, the next is
// written: whoever comes then waits for the disk once, and not for the end of the other's wait too. That a group is on the disk
// means that those before it are: each waits for all that was written when it began to (Log.Sync).
type writer struct {
	conn *sql.Conn
	wal  *wal.Log
	todo chan *write
	rest chan func(*sql.Conn) // what is to be done between groups
	gone chan struct{}
	log  *slog.Logger

	written chan []*write // what SQLite has committed, on its way to the disk

	// lost says that the disk did not take what was committed. Nothing is written after that: SQLite sees what may not be there
	// after a failure of power, and would build on it.
	lost atomic.Pointer[codecollab.Error]

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

// newWriter begins to write by conn, which it closes in the end, to the file database.
func newWriter(ctx context.Context, conn *sql.Conn, database string, log *slog.Logger) (*writer, error) {
	w := &writer{conn: conn, todo: make(chan *write, groupMax), rest: make(chan func(*sql.Conn)), gone: make(chan struct{}), log: log,
		written: make(chan []*write)}
	var err error
	if w.wal, err = wal.Open(ctx, conn, database, log); err != nil {
		return nil, err
	}
	var flushers sync.WaitGroup
	for range wal.Lanes {
		flushers.Go(w.flush)
	}
	go func() {
		defer close(w.gone)
		defer w.wal.Close()
		defer w.conn.Close()
		w.run()
		close(w.written)
		flushers.Wait()
	}()
	return w, nil
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
	for {
		select {
		case first, ok := <-w.todo:
			if !ok {
				return
			}
			w.commit(w.gather(first))
		case do := <-w.rest:
			do(w.conn)
		}
	}
}

// between runs do on the writer's connection when it writes nothing.
func (w *writer) between(ctx context.Context, do func(*sql.Conn) error) error {
	done := make(chan error, 1)
	select {
	case w.rest <- func(conn *sql.Conn) { done <- do(conn) }:
		return <-done
	case <-w.gone:
		return nil
	case <-ctx.Done():
		return ctx.Err()
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

// commit writes a group, and hands it on to be brought to the disk. When the group fails, each is tried alone, so that one cannot fail
// the others.
func (w *writer) commit(group []*write) {
	err := w.transaction(group)
	switch {
	case err == nil:
		w.written <- group
	case len(group) > 1 && w.lost.Load() == nil:
		for _, job := range group {
			w.commit([]*write{job})
		}
	default:
		fail(group, err)
	}
}

func fail(group []*write, err error) {
	for _, job := range group {
		job.err = storageError(err)
		close(job.done)
	}
}

func (w *writer) transaction(group []*write) error {
	if lost := w.lost.Load(); lost != nil {
		return lost
	}
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

// flush brings groups to the disk, and tells those who wait for them.
func (w *writer) flush() {
	for group := range w.written {
		if err := w.wal.Sync(); err != nil {
			w.lose(err)
		}
		if lost := w.lost.Load(); lost != nil {
			fail(group, lost)
			continue
		}
		for _, job := range group {
			close(job.done)
		}
	}
}

func (w *writer) lose(err error) {
	w.log.Error("the disk did not take what was written: look at the disk, then start the server again; until then nothing is written", "err", err)
	w.lost.Store(&codecollab.Error{Kind: codecollab.Unavailable, Code: "read_only", Err: err,
		Message: "The server's disk failed, so rooms are read-only until the server is started again. What you type is kept in your browser and sent then."})
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
