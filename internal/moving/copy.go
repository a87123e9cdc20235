package moving

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"codecollab.dev/internal/store"
	"codecollab.dev/internal/store/people"
)

// Step is how far some work is.
type Step struct {
	Doing string
	Done  int64
	Total int64 // 0: not known
}

// Digests are those of all tables, by schema.table.
type Digests map[string]Digest

// numbered is a table whose rows the engine numbers. A number that was used once is not used again, also where its row is gone.
type numbered struct {
	schema, table, column string
	always                bool // SQLite remembers the last one, too
}

var counters = []numbered{{"rooms", "rooms", "id", false}, {"people", "audit", "seq", true}}

// prepare makes the tables of a place, or brings them up to date.
func prepare(ctx context.Context, p Place) error {
	source, server, err := p.source(ctx)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{Dir: p.Dir, Log: slog.New(slog.DiscardHandler), Database: server})
	if err != nil {
		return err
	}
	db, err := people.Open(ctx, source, 1)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	return errors.Join(db.Close(), s.Close())
}

// fill copies all rows of one place into another, which is prepared and empty, and compares what has arrived. When it fails the
// other place is as empty as before.
func fill(ctx context.Context, from, to Place, tell func(Step)) (Digests, error) {
	src, err := from.read(ctx)
	if err != nil {
		return nil, err
	}
	defer src.close()
	moment, err := src.moment(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = moment.Rollback() }()
	tables, err := shared(ctx, from, to, moment)
	if err != nil {
		return nil, err
	}
	dst, err := to.write(ctx)
	if err != nil {
		return nil, err
	}
	sums, err := pour(ctx, &source{from, moment}, dst, to, tables, tell)
	if err == nil {
		err = dst.commit(ctx)
	}
	if err := errors.Join(err, dst.close()); err != nil {
		return nil, fmt.Errorf("copying from %v to %v: %w", from, to, err)
	}
	return digests(sums), compare(ctx, to, tables, sums, tell)
}

// write opens a place for filling.
func (p Place) write(ctx context.Context) (target, error) {
	if p.URL != "" {
		return newPostgres(ctx, p)
	}
	return newFolder(ctx, p)
}

// shared is the list of tables, which is read from the side that is SQLite: it says which columns hold what.
func shared(ctx context.Context, from, to Place, moment querier) ([]table, error) {
	if from.URL == "" {
		return catalogue(ctx, moment)
	}
	if to.URL != "" {
		return nil, errors.New("one Postgres database is copied into another with pg_dump, not here")
	}
	r, err := to.read(ctx)
	if err != nil {
		return nil, err
	}
	tables, err := catalogue(ctx, r.conn)
	return tables, errors.Join(err, r.close())
}

// source is a moment of a place.
type source struct {
	Place
	q querier
}

// pour copies tables into a target.
func pour(ctx context.Context, from *source, dst target, to Place, tables []table, tell func(Step)) (map[string]*counter, error) {
	for _, t := range tables {
		if err := sameColumns(ctx, dst, to, t); err != nil {
			return nil, err
		}
	}
	if err := empty(ctx, dst, to, tables); err != nil {
		return nil, err
	}
	sums := map[string]*counter{}
	for _, t := range tables {
		sum, err := pourTable(ctx, from, dst, t, tell)
		if err != nil {
			return nil, err
		}
		sums[t.String()] = sum
	}
	for _, c := range counters {
		last, err := from.last(ctx, c)
		if err != nil {
			return nil, err
		}
		if err := dst.count(ctx, c, last); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

func pourTable(ctx context.Context, from *source, dst target, t table, tell func(Step)) (*counter, error) {
	total, err := from.total(ctx, t)
	if err != nil {
		return nil, err
	}
	rows, err := t.scan(ctx, from.q)
	if err != nil {
		return nil, err
	}
	defer rows.rows.Close()
	sum, doing := newCounter(t), "copying "+t.String()
	err = dst.fill(ctx, t, func() (row, error) {
		r, err := rows.next()
		if r != nil {
			sum.add(r)
		}
		tell(Step{doing, sum.all.rows, total})
		return r, errors.Join(err, ctx.Err())
	})
	if err != nil {
		return nil, fmt.Errorf("table %v: %w", t, err)
	}
	return sum, nil
}

// sameColumns makes sure that a table of both places is the same.
func sameColumns(ctx context.Context, dst target, to Place, t table) error {
	there, err := dst.columns(ctx, t)
	if err != nil {
		return err
	}
	want := slices.Sorted(slices.Values(t.columnNames()))
	if slices.Sort(there); !slices.Equal(want, there) {
		return fmt.Errorf("the table %v has the columns %s, but in %v these: %s. The two are of different versions of CodeCollab: "+
			"start the server of this version once, or use the program that the data belongs to", t, strings.Join(want, ", "), to, strings.Join(there, ", "))
	}
	return nil
}

// total is how many rows a table has, more or less.
func (s *source) total(ctx context.Context, t table) (n int64, err error) {
	query := "SELECT count(*) FROM " + t.quoted()
	if t.String() == "rooms.events" { // the largest, and rooms know it
		query = "SELECT coalesce(sum(head), 0) FROM rooms.rooms"
	}
	return n, s.q.QueryRowContext(ctx, query).Scan(&n)
}

// last is the highest number that a table's rows have had.
func (s *source) last(ctx context.Context, c numbered) (last int64, err error) {
	query := fmt.Sprintf("SELECT coalesce(max(%s), 0) FROM %s.%s", c.column, c.schema, c.table)
	if err := s.q.QueryRowContext(ctx, query).Scan(&last); err != nil {
		return 0, err
	}
	query = fmt.Sprintf("SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('%s.%s', '%s')::regclass), 0)", c.schema, c.table, c.column)
	if s.URL == "" {
		if !c.always {
			return last, nil
		}
		query = fmt.Sprintf("SELECT coalesce(max(seq), 0) FROM %s.sqlite_sequence WHERE name = '%s'", c.schema, c.table)
	}
	var used int64
	err = s.q.QueryRowContext(ctx, query).Scan(&used)
	return max(last, used), err
}

// compare reads a place again, and says what is not as it was where it came from.
func compare(ctx context.Context, place Place, tables []table, want map[string]*counter, tell func(Step)) error {
	r, err := place.read(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	moment, err := r.moment(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = moment.Rollback() }()
	for _, t := range tables {
		w := want[t.String()]
		have, err := count(ctx, moment, t, w.all.rows, tell)
		if err != nil {
			return err
		}
		if have.all != w.all {
			return fmt.Errorf("the table %v is another one in %v than where it came from: %d rows of %d have arrived%s. "+
				"Something else writes there, or its disk fails",
				t, place, have.all.rows, w.all.rows, inRooms(have, w))
		}
	}
	return nil
}

func count(ctx context.Context, q querier, t table, total int64, tell func(Step)) (*counter, error) {
	rows, err := t.scan(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.rows.Close()
	sum, doing := newCounter(t), "comparing "+t.String()
	for {
		r, err := rows.next()
		if err != nil || r == nil {
			return sum, err
		}
		sum.add(r)
		tell(Step{doing, sum.all.rows, total})
	}
}

// inRooms names the first rooms whose logs differ.
func inRooms(have, want *counter) string {
	var rooms []string
	for _, id := range slices.Sorted(maps.Keys(want.rooms)) {
		if got := have.rooms[id]; got == nil || *got != *want.rooms[id] {
			rooms = append(rooms, fmt.Sprint(id))
		}
		if len(rooms) == 5 {
			break
		}
	}
	if len(rooms) == 0 {
		return ""
	}
	return ", and the logs of rooms differ (by their numbers in the table of rooms: " + strings.Join(rooms, ", ") + ")"
}

func digests(sums map[string]*counter) Digests {
	out := Digests{}
	for name, c := range sums {
		out[name] = c.all
	}
	return out
}
