package engine

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// refusal says why the database cannot be used, and what to do, and nothing that is secret.
func (s *Server) refusal(err error) error {
	return fmt.Errorf("the database %s cannot be used: %s", s.Name(), s.reason(err))
}

func (s *Server) reason(err error) string {
	var dns *net.DNSError
	switch st := state(err); {
	case st == stateNoPassword || st == stateNoLogin:
		return fmt.Sprintf("the server does not let %q in (%s): look at the user and the password in database-url, and at pg_hba.conf there", s.config.User, said(err))
	case st == stateNoDatabase:
		return fmt.Sprintf("there is no database %q: make it with CREATE DATABASE %s OWNER %s", s.config.Database, s.config.Database, s.config.User)
	case st == stateNotAllowed:
		return fmt.Sprintf("%q may not do this (%s): make it the owner of the database, or GRANT CREATE ON DATABASE %s TO %s", s.config.User, said(err), s.config.Database, s.config.User)
	case st == stateReadOnly:
		return "it is read-only (" + said(err) + ")"
	case st != "":
		return said(err)
	case errors.As(err, &dns):
		return fmt.Sprintf("there is no host %q: look at database-url", dns.Name)
	case errors.Is(err, context.DeadlineExceeded) || pgconn.Timeout(err):
		return fmt.Sprintf("no answer within %s: look whether it runs, and whether a firewall is in between", cmp.Or(s.config.ConnectTimeout, s.Patience))
	}
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return "nothing answers there: look whether Postgres runs, listens on that address (listen_addresses), and is reachable from here"
	}
	// Only how connecting failed could have more of the URL in it than the name that we print.
	if e, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		if cause := errors.Unwrap(e); cause != nil {
			return s.hide(cause.Error())
		}
	}
	return s.hide(err.Error())
}

// hide takes the password out of a text.
func (s *Server) hide(text string) string {
	if s.config.Password == "" {
		return text
	}
	return strings.ReplaceAll(text, s.config.Password, "…")
}

// said is what Postgres itself said.
func said(err error) string {
	e, _ := errors.AsType[*pgconn.PgError](err)
	return e.Message + ", SQLSTATE " + e.Code
}

// ErrLost is, wrapped, an answer of a database that did not come.
var ErrLost = errors.New("the database does not answer")

// IsLost reports whether the database is not there now: it stops, starts, or cannot be reached.
func IsLost(err error) bool {
	switch s := state(err); {
	case strings.HasPrefix(s, "08"), strings.HasPrefix(s, "57P"), s == "53300": // connections; stopping and starting; too many connections
		return true
	case s != "":
		return false
	}
	if errors.Is(err, ErrLost) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return true
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	_, ok := errors.AsType[net.Error](err)
	return ok && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}

// isFull reports whether Postgres does not write: its disk is full or broken, or it only reads.
func isFull(err error) bool {
	switch state(err) {
	case stateReadOnly, "53100", "53200", "58030", "53400":
		return true
	}
	return false
}
