package moving

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// target is a place that is filled. All that is put there becomes visible at once, with commit.
type target interface {
	// columns are the columns that a table has there; none when there is no such table.
	columns(ctx context.Context, t table) ([]string, error)
	// run runs a statement that both engines understand.
	run(ctx context.Context, statement string) error
	// holds reports whether a table has rows.
	holds(ctx context.Context, t table) (bool, error)
	// fill puts all rows into a table; next returns none at the end.
	fill(ctx context.Context, t table, next func() (row, error)) error
	// count has the next row of a table be numbered beyond last.
	count(ctx context.Context, c numbered, last int64) error
	commit(ctx context.Context) error
	// close gives up what was not committed.
	close() error
}

// seeded are tables in which there are rows from the beginning. What is copied takes their place.
var seeded = []string{"people.audit_keep"}

// notEmpty says that a place already holds something.
type notEmpty struct {
	place Place
	what  string
}

// Error implements error.
func (e notEmpty) Error() string {
	return fmt.Sprintf("%v is not empty: there is %s. Nothing was changed; only an empty place is filled, so name another one, "+
		"or move away what is there", e.place, e.what)
}

// empty makes sure that a place holds nothing yet.
func empty(ctx context.Context, to target, place Place, tables []table) error {
	for _, t := range tables {
		if slices.Contains(seeded, t.String()) {
			if err := to.run(ctx, "DELETE FROM "+t.quoted()); err != nil {
				return err
			}
			continue
		}
		switch full, err := to.holds(ctx, t); {
		case err != nil:
			return err
		case full:
			return notEmpty{place, "something in the table " + t.String()}
		}
	}
	return nil
}

// folder fills the files of a folder.
type folder struct {
	db   *sql.DB
	conn *sql.Conn
	tx   *sql.Tx
}

func newFolder(ctx context.Context, p Place) (*folder, error) {
	db, err := sql.Open("sqlite", "file::memory:")
	if err != nil {
		return nil, err
	}
	f := &folder{db: db}
	if f.conn, err = db.Conn(ctx); err == nil {
		var quick []string // whoever asked for the files has them synced; half of them is of no use to anybody
		for _, s := range schemas {
			quick = append(quick, "PRAGMA "+s+".journal_mode = DELETE", "PRAGMA "+s+".synchronous = OFF")
		}
		err = attach(ctx, f.conn, p, quick...)
	}
	if err == nil {
		f.tx, err = f.conn.BeginTx(ctx, nil)
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

func (f *folder) columns(ctx context.Context, t table) ([]string, error) {
	return column1[string](ctx, f.tx, "SELECT name FROM pragma_table_info(?, ?)", t.name, t.schema)
}

func (f *folder) run(ctx context.Context, statement string) error {
	_, err := f.tx.ExecContext(ctx, statement)
	return err
}

func (f *folder) holds(ctx context.Context, t table) (full bool, err error) {
	return full, f.tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+t.quoted()+")").Scan(&full)
}

func (f *folder) fill(ctx context.Context, t table, next func() (row, error)) error {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(t.columns)), ", ")
	insert, err := f.tx.PrepareContext(ctx, "INSERT INTO "+t.quoted()+" ("+t.list()+") VALUES ("+marks+")")
	if err != nil {
		return err
	}
	defer insert.Close()
	for {
		r, err := next()
		if err != nil || r == nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, r...); err != nil {
			return err
		}
	}
}

func (f *folder) count(ctx context.Context, c numbered, last int64) error {
	if !c.always {
		return nil
	}
	if err := f.run(ctx, fmt.Sprintf("DELETE FROM %s.sqlite_sequence WHERE name = '%s'", c.schema, c.table)); err != nil {
		return err
	}
	return f.run(ctx, fmt.Sprintf("INSERT INTO %s.sqlite_sequence (name, seq) VALUES ('%s', %d)", c.schema, c.table, last))
}

func (f *folder) commit(context.Context) error { return f.tx.Commit() }

func (f *folder) close() error {
	var errs []error
	if f.tx != nil {
		if err := f.tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
			errs = append(errs, err)
		}
	}
	if f.conn != nil {
		errs = append(errs, f.conn.Close())
	}
	return errors.Join(append(errs, f.db.Close())...)
}

// postgres fills a Postgres database.
type postgres struct {
	conn *pgx.Conn
	tx   pgx.Tx
	bool map[string][]bool // by table: which columns are booleans there
}

func newPostgres(ctx context.Context, p Place) (*postgres, error) {
	config, err := p.config(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	pg := &postgres{conn: conn, bool: map[string][]bool{}}
	if pg.tx, err = conn.Begin(ctx); err != nil {
		return nil, errors.Join(err, pg.close())
	}
	return pg, nil
}

func (p *postgres) columns(ctx context.Context, t table) ([]string, error) {
	rows, err := p.tx.Query(ctx, `SELECT column_name, data_type = 'boolean' FROM information_schema.columns
		WHERE table_schema = $1 AND table_name = $2`, t.schema, t.name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	isBool := make([]bool, len(t.columns))
	for rows.Next() {
		var name string
		var is bool
		if err := rows.Scan(&name, &is); err != nil {
			return nil, err
		}
		out = append(out, name)
		if i := slices.Index(t.columnNames(), name); i >= 0 {
			isBool[i] = is
		}
	}
	p.bool[t.String()] = isBool
	return out, rows.Err()
}

func (p *postgres) run(ctx context.Context, statement string) error {
	_, err := p.tx.Exec(ctx, statement)
	return err
}

func (p *postgres) holds(ctx context.Context, t table) (full bool, err error) {
	// Nobody else fills it meanwhile: a server that is started too early waits.
	if err := p.run(ctx, "LOCK TABLE "+t.quoted()+" IN EXCLUSIVE MODE"); err != nil {
		return false, err
	}
	return full, p.tx.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM "+t.quoted()+")").Scan(&full)
}

func (p *postgres) fill(ctx context.Context, t table, next func() (row, error)) error {
	isBool := p.bool[t.String()]
	_, err := p.tx.CopyFrom(ctx, pgx.Identifier{t.schema, t.name}, t.columnNames(), pgx.CopyFromFunc(func() ([]any, error) {
		r, err := next()
		if err != nil || r == nil {
			return nil, err
		}
		for i := range r {
			switch v := r[i].(type) {
			case string:
				r[i] = clean(v)
			case int64:
				if isBool[i] {
					r[i] = v != 0
				}
			}
		}
		return r, nil
	}))
	return err
}

func (p *postgres) count(ctx context.Context, c numbered, last int64) error {
	if last < 1 {
		return nil
	}
	return p.run(ctx, fmt.Sprintf("SELECT setval(pg_get_serial_sequence('%s.%s', '%s'), %d)", c.schema, c.table, c.column, last))
}

func (p *postgres) commit(ctx context.Context) error { return p.tx.Commit(ctx) }

func (p *postgres) close() error {
	ctx := context.Background() // it is told of the end also when the work was broken off
	if p.tx != nil {
		_ = p.tx.Rollback(ctx) // after a commit there is nothing to roll back, and without a connection all is
	}
	return p.conn.Close(ctx)
}
