package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// Server is a Postgres database that has answered.
type Server struct {
	config *pgx.ConnConfig
	// Version is what it calls itself, like "15.14".
	Version string
	// Unsafe: it is told not to wait for the disk (fsync or full_page_writes are off), so a power cut takes more than the last moment.
	Unsafe bool
	// Patience is how long an answer is waited for: to a new connection, and to what is sent on one that may be cut.
	Patience time.Duration
}

// leastVersion is the oldest Postgres that our SQL and its partitions are tested for: the oldest with security updates, and one.
const leastVersion = 130000

// patience is that of a server until somebody says another. A connect_timeout in the URL counts more.
const patience = 10 * time.Second

// Dial looks whether a Postgres database can be used, and says in words when it cannot. Errors never contain the password.
func Dial(ctx context.Context, address string) (*Server, error) {
	config, err := parse(address)
	if err != nil {
		return nil, err
	}
	s := &Server{config: config, Patience: patience}
	c, err := pgx.ConnectConfig(ctx, s.Config("public"))
	if err != nil {
		return nil, s.refusal(err)
	}
	defer c.Close(context.WithoutCancel(ctx))
	if err := s.look(ctx, c); err != nil {
		return nil, s.refusal(err)
	}
	return s, nil
}

// parse reads a URL.
func parse(address string) (*pgx.ConnConfig, error) {
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return nil, errors.New("database-url is no address of a Postgres: it begins with postgres:// and goes on like user:password@host:5432/codecollab")
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		// What pgx says hides the password only where it finds it.
		return nil, errors.New("database-url cannot be read: it has to be like postgres://user:password@host:5432/codecollab?sslmode=require; " +
			"characters of the password that mean something in an address are written as %40 (@), %2F (/), %3A (:), %23 (#), %3F (?), %25 (%)")
	}
	p := config.RuntimeParams
	if p["application_name"] == "" {
		p["application_name"] = "codecollab"
	}
	// What is acknowledged is on the disk, whatever the server's default is. A server that has standbys may wait for those, too.
	if p["synchronous_commit"] == "" {
		p["synchronous_commit"] = "on"
	}
	// A node that has died half-way, or is cut off, holds no row for long.
	if p["idle_in_transaction_session_timeout"] == "" {
		p["idle_in_transaction_session_timeout"] = "30000"
	}
	if p["tcp_keepalives_idle"] == "" {
		p["tcp_keepalives_idle"], p["tcp_keepalives_interval"], p["tcp_keepalives_count"] = "20", "5", "3"
	}
	return config, nil
}

// look asks the server what it is.
func (s *Server) look(ctx context.Context, c *pgx.Conn) error {
	var number int
	var readOnly, standby, utf8 bool
	err := c.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_version'), pg_is_in_recovery(),
		current_setting('transaction_read_only')::bool, current_setting('server_encoding') = 'UTF8',
		NOT (current_setting('fsync')::bool AND current_setting('full_page_writes')::bool)`).Scan(&number, &s.Version, &standby, &readOnly, &utf8, &s.Unsafe)
	switch {
	case err != nil:
		return err
	case number < leastVersion:
		return fmt.Errorf("it is Postgres %s, and CodeCollab needs %d or newer", s.Version, leastVersion/10000)
	case standby:
		return errors.New("it is a standby, which only reads: name the primary (several hosts with target_session_attrs=read-write find it by themselves)")
	case readOnly:
		return errors.New("it is read-only (default_transaction_read_only): ALTER DATABASE … SET default_transaction_read_only = off, or do so for the role")
	case !utf8:
		return errors.New("its encoding is not UTF8: make another one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0")
	}
	return nil
}

// Name says where the database is, without what is secret.
func (s *Server) Name() string {
	return fmt.Sprintf("%s@%s:%d/%s", s.config.User, s.config.Host, s.config.Port, s.config.Database)
}

// Config is how a schema is connected to, for whoever needs pgx itself. It has the password in it.
func (s *Server) Config(schema string) *pgx.ConnConfig {
	config := s.config.Copy()
	config.RuntimeParams["search_path"] = schema
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = s.Patience
	}
	config.DialFunc = dialer(s.Patience)
	return config
}

// Open implements Source: the schema is one of Postgres.
func (s *Server) Open(ctx context.Context, name string, migrations fs.FS, conns int) (*DB, error) {
	folder, err := fs.Sub(migrations, "postgres")
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx, name, folder); err != nil {
		return nil, s.refusal(fmt.Errorf("schema %q: %w", name, err))
	}
	db := sql.OpenDB(connector{stdlib.GetConnector(*s.Config(name))})
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return &DB{DB: db, Postgres: true}, nil
}

// migrate brings a schema up to date. Nodes that start at the same time do so one after the other.
func (s *Server) migrate(ctx context.Context, schema string, migrations fs.FS) error {
	db := stdlib.OpenDB(*s.Config(schema))
	defer db.Close()
	now, known, err := Versions(ctx, db, schema, migrations)
	if err != nil || now == known {
		return err
	}
	if err := refuseNewer(now, known); err != nil {
		return err
	}
	guard, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer guard.Close()
	if _, err := guard.ExecContext(ctx, "SELECT pg_advisory_lock($1)", lockKey(schema)); err != nil {
		return err
	}
	// The lock ends with the connection in any case.
	defer func() {
		_, _ = guard.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lockKey(schema))
	}()
	if err := makeSchema(ctx, guard, schema); err != nil {
		return err
	}
	return up(ctx, goose.DialectPostgres, db, migrations)
}

// makeSchema makes a schema when it is not there. Looking first spares those who may use it, but make none.
func makeSchema(ctx context.Context, c *sql.Conn, schema string) error {
	var is bool
	if err := c.QueryRowContext(ctx, "SELECT to_regnamespace($1) IS NOT NULL", schema).Scan(&is); err != nil || is {
		return err
	}
	_, err := c.ExecContext(ctx, "CREATE SCHEMA "+pgx.Identifier{schema}.Sanitize())
	return err
}

// Versions are that of a schema's tables (0: there are none), and that which a folder of migrations leads to.
func Versions(ctx context.Context, db *sql.DB, schema string, migrations fs.FS) (now, known int64, err error) {
	if known, err = newest(migrations); err == nil {
		now, err = version(ctx, db, schema)
	}
	return now, known, err
}

// newest is the version that migrations lead to.
func newest(migrations fs.FS) (int64, error) {
	names, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		return 0, err
	}
	var known int64
	for _, name := range names {
		v, err := goose.NumericComponent(name)
		if err != nil {
			return 0, err
		}
		known = max(known, v)
	}
	return known, nil
}

// version is that of a schema's tables; 0 when there are none.
func version(ctx context.Context, db *sql.DB, schema string) (now int64, err error) {
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM "+pgx.Identifier{schema, "goose_db_version"}.Sanitize()+" WHERE is_applied").Scan(&now)
	if s := state(err); s == stateNoTable || s == "3F000" {
		return 0, nil
	}
	return now, err
}

// lockKey names the advisory lock of a schema's migrations.
func lockKey(schema string) int64 {
	h := fnv.New64a()
	h.Write([]byte("codecollab migrates " + schema))
	return int64(h.Sum64())
}
