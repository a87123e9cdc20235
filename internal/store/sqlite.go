package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"codecollab.dev/internal/store/engine"
	"codecollab.dev/internal/store/wal"
)

// openSQLite opens rooms.db.
func (s *Store) openSQLite(ctx context.Context, opt Options) (err error) {
	file := filepath.Join(opt.Dir, "rooms.db")
	pragmas := append(wal.Pragmas(), "busy_timeout(10000)", "foreign_keys(1)")
	if opt.MaxPages > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", opt.MaxPages))
	}
	l := &lite{done: make(chan struct{})}
	if l.write, err = sql.Open("sqlite", engine.DSN(file, pragmas...)); err != nil {
		return err
	}
	conn, err := l.prepare(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", file, err), l.write.Close())
	}
	l.writer, err = newWriter(ctx, conn, file, opt.Log)
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", file, err), conn.Close(), l.write.Close())
	}
	if s.read, err = sql.Open("sqlite", engine.DSN(file, "query_only(1)", "busy_timeout(10000)")); err != nil {
		l.writer.close()
		return errors.Join(err, l.write.Close())
	}
	s.read.SetMaxOpenConns(4)
	s.read.SetMaxIdleConns(4)
	ctx, l.stop = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer close(l.done)
		wal.Shorten(ctx, file, opt.Log, l.writer.between)
	}()
	s.lite = l
	return nil
}

// prepare brings the tables up to date, and returns the connection that writes.
func (l *lite) prepare(ctx context.Context) (*sql.Conn, error) {
	l.write.SetMaxOpenConns(1)
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := engine.Migrate(ctx, l.write, folder); err != nil {
		return nil, err
	}
	// Deletions that the last process had begun. What belongs to a room goes with it.
	if _, err := l.write.ExecContext(ctx, "DELETE FROM rooms WHERE name LIKE ? || '%'", goneRoom); err != nil {
		return nil, err
	}
	return l.write.Conn(ctx)
}

func (l *lite) close() error {
	l.stop()
	<-l.done
	l.writer.close()
	return l.write.Close()
}
