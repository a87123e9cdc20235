package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"strconv"
	"strings"

	"codecollab.dev"
)

// placeholders turns SQLite's (? is the next, ?2 the second) into those of Postgres. What is quoted stays as it is.
func placeholders(query string) string {
	if !strings.Contains(query, "?") {
		return query
	}
	var b strings.Builder
	b.Grow(len(query) + 16)
	next := 1
	for i := 0; i < len(query); i++ {
		switch c := query[i]; c {
		case '\'', '"':
			end := strings.IndexByte(query[i+1:], c)
			if end < 0 {
				end = len(query) - i - 2
			}
			b.WriteString(query[i : i+end+2])
			i += end + 1
		case '?':
			digits := i + 1
			for digits < len(query) && query[digits] >= '0' && query[digits] <= '9' {
				digits++
			}
			n, err := strconv.Atoi(query[i+1 : digits])
			if err != nil {
				n = next
			}
			next = max(next, n) + 1
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
			i = digits - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// connector makes connections whose queries have SQLite's placeholders.
type connector struct{ driver.Connector }

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, unreachable(err)
	}
	return conn{inner.(pgxConn)}, nil
}

// pgxConn is what pgx's connection can do beyond driver.Conn.
type pgxConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
}

type conn struct{ pgxConn }

// PrepareContext implements driver.ConnPrepareContext.
func (c conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	return c.pgxConn.PrepareContext(ctx, placeholders(query))
}

// ExecContext implements driver.ExecerContext.
func (c conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	res, err := c.pgxConn.ExecContext(ctx, placeholders(query), args)
	return res, unreachable(err)
}

// QueryContext implements driver.QueryerContext.
func (c conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.pgxConn.QueryContext(ctx, placeholders(query), args)
	return rows, unreachable(err)
}

// BeginTx implements driver.ConnBeginTx.
func (c conn) BeginTx(ctx context.Context, opt driver.TxOptions) (driver.Tx, error) {
	tx, err := c.pgxConn.BeginTx(ctx, opt)
	return tx, unreachable(err)
}

// unreachable is err, or error "no_database" (Unavailable) in words when the database is not there now. What database/sql tries again
// by itself stays as it is.
func unreachable(err error) error {
	if err == nil || errors.Is(err, driver.ErrBadConn) || !IsLost(err) {
		return err
	}
	return &codecollab.Error{Kind: codecollab.Unavailable, Code: "no_database", Err: err, Message: "The server cannot reach its database. Try again in a moment."}
}

// CheckNamedValue implements driver.NamedValueChecker. Postgres' texts hold no zero bytes and nothing that is not UTF-8, both of
// which strangers can send (the name of a browser, what a program printed): they become U+FFFD.
func (c conn) CheckNamedValue(v *driver.NamedValue) error {
	if s, ok := v.Value.(string); ok {
		v.Value = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	}
	return c.pgxConn.CheckNamedValue(v)
}
