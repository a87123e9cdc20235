package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/store/engine"
)

// defaultConns are the connections for rooms when nobody has said how many. An append takes one for a millisecond or two.
const defaultConns = 16

// openPostgres opens the schema of rooms.
func (s *Store) openPostgres(ctx context.Context, opt Options) error {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	s.pg, err = opt.Database.Open(ctx, "rooms", folder, cmp.Or(opt.Conns, defaultConns))
	if err != nil {
		return err
	}
	s.patience = opt.Database.Patience
	s.read, s.lockRows = s.pg.DB, s.pg.Lock()
	return s.finishDeletions(ctx)
}

// finishDeletions deletes what a node had begun to delete that is gone. Another one may be at it, too: that does no harm.
func (s *Store) finishDeletions(ctx context.Context) error {
	rows, err := s.read.QueryContext(ctx, "SELECT name FROM rooms WHERE name LIKE 'deleted %'")
	names, err := texts(rows, err)
	for _, name := range names {
		var id int64
		if err := s.read.QueryRowContext(ctx, "SELECT id FROM rooms WHERE name = ?", name).Scan(&id); errors.Is(err, sql.ErrNoRows) {
			continue
		} else if err != nil {
			return err
		}
		if err := s.deleteAll(ctx, id); err != nil {
			return err
		}
	}
	return err
}

// appendOnce is Append in one round trip, which is a transaction of its own. The row of the room is locked from the first part on:
// of two nodes that append at the same version, one waits, then finds that the head is another, and changes nothing. Without
// records, the row is written all the same: that tells whether something can be written.
const appendOnce = `WITH moved AS (
	UPDATE rooms SET head = head + cardinality(?3::bigint[]) WHERE name = ?1 AND head = ?2 RETURNING id
), added AS (
	INSERT INTO events (room, version, at, kind, data)
	SELECT moved.id, e.* FROM moved, unnest(?3::bigint[], ?4::bigint[], ?5::text[], ?6::bytea[]) AS e
)
SELECT count(*) FROM moved`

// An append that lost its connection is tried again for about this long: short enough for those who wait, and long enough for a
// database that another server takes over from.
const (
	appendAgain = 2 * time.Second
	appendPause = 100 * time.Millisecond
)

// appendPostgres is Append. When the connection is lost, nobody knows whether the server has committed; so it is tried again, and
// when the room has moved on by just these records, it had.
func (s *Store) appendPostgres(ctx context.Context, name string, expected codecollab.Version, records []room.Record) error {
	versions, ats, kinds, datas := columns(records)
	unsure := false
	for end := time.Now().Add(appendAgain); ; {
		var moved int
		within, cancel := context.WithTimeout(ctx, s.patience)
		err := s.pg.QueryRowContext(within, appendOnce, name, expected, versions, ats, kinds, datas).Scan(&moved)
		if within.Err() != nil && ctx.Err() == nil && err != nil {
			err = fmt.Errorf("%w: no answer within %s: %w", engine.ErrLost, s.patience, err)
		}
		cancel()
		if err == nil && moved == 0 {
			err = s.notAppended(ctx, name, expected, records, unsure)
		}
		if !engine.IsLost(err) || time.Now().After(end) {
			return engine.ReadOnly(err)
		}
		unsure = true
		select {
		case <-ctx.Done():
			return engine.ReadOnly(err)
		case <-time.After(appendPause):
		}
	}
}

// notAppended says why nothing was appended. Where that is not sure, it was perhaps appended at the time before: then all is well.
func (s *Store) notAppended(ctx context.Context, name string, expected codecollab.Version, records []room.Record, unsure bool) error {
	if unsure && len(records) > 0 {
		there, err := s.Read(ctx, name, expected, 1)
		if err != nil {
			return err
		}
		if len(there) == 1 && there[0].At == records[0].At && bytes.Equal(there[0].Data, records[0].Data) {
			return nil
		}
	}
	var head codecollab.Version
	err := s.pg.QueryRowContext(ctx, "SELECT head FROM rooms WHERE name = ?", name).Scan(&head)
	if errors.Is(err, sql.ErrNoRows) {
		return noRoom(name)
	}
	if err != nil {
		return err
	}
	return movedOn(head, expected)
}

// columns turns records by a quarter, as unnest takes them.
func columns(records []room.Record) (versions, ats []int64, kinds []string, datas [][]byte) {
	n := len(records)
	versions, ats, kinds, datas = make([]int64, n), make([]int64, n), make([]string, n), make([][]byte, n)
	for i, r := range records {
		versions[i], ats[i], kinds[i], datas[i] = r.Version, r.At, r.Kind, r.Data
	}
	return versions, ats, kinds, datas
}
