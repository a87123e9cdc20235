package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// msTime reads milliseconds since the Unix epoch; 0 is the zero time.
type msTime struct{ to *time.Time }

// Scan implements sql.Scanner.
func (t msTime) Scan(v any) error {
	ms, ok := v.(int64)
	if !ok {
		return fmt.Errorf("%v is no time", v)
	}
	*t.to = time.Time{}
	if ms != 0 {
		*t.to = time.UnixMilli(ms)
	}
	return nil
}

// millis is a time as it is kept.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// collect reads all rows; into says where the columns of one go. No rows are an empty list.
func collect[T any](rows *sql.Rows, err error, into func(*T) []any) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		var v T
		if err := rows.Scan(into(&v)...); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// change runs a statement, and says how many rows it changed.
func (s *Store) change(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := s.db.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// inTx runs f in a transaction. In Postgres others may change what it has read, unless the row is locked (see engine.DB.Lock).
func (s *Store) inTx(ctx context.Context, f func(*sql.Tx) error) error { return s.db.Tx(ctx, f) }

// lockRow makes others wait who lock the same row, until the transaction ends: what is counted then stays so. SQLite's
// transactions wait for each other in any case. A row that is not there is not locked.
func (s *Store) lockRow(ctx context.Context, tx *sql.Tx, table, id string) error {
	if !s.db.Postgres {
		return nil
	}
	var one int
	err := tx.QueryRowContext(ctx, "SELECT 1 FROM "+table+" WHERE id = ?"+s.db.Lock(), id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// now is the time of the database in ms since the Unix epoch, in SQL.
func (s *Store) now() string {
	if s.db.Postgres {
		return "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
	}
	return "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
}
