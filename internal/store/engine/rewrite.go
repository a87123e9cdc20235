package engine

import (
	"context"
	"database/sql/driver"
	"strconv"
	"strings"
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
		return nil, err
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
	return c.pgxConn.ExecContext(ctx, placeholders(query), args)
}

// QueryContext implements driver.QueryerContext.
func (c conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.pgxConn.QueryContext(ctx, placeholders(query), args)
}

// CheckNamedValue implements driver.NamedValueChecker. Postgres' texts hold no zero bytes and nothing that is not UTF-8, both of
// which strangers can send (the name of a browser, what a program printed): they become U+FFFD.
func (c conn) CheckNamedValue(v *driver.NamedValue) error {
	if s, ok := v.Value.(string); ok {
		v.Value = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	}
	return c.pgxConn.CheckNamedValue(v)
}
