// Package codecollab is the vocabulary of the project: the identifiers that every part speaks of and the kinds of
// failure that a caller can tell apart. It imports the standard library only. Read it first.
//
// # The map
//
//	cmd/codecollab    main and the wiring of everything below
//	internal/ot       the ChangeSet algebra: parse, apply, compose, map, invert (pure)
//	internal/text     a document's text on the server: a rope indexed in UTF-16 units (pure)
//	internal/wire     every message on the socket and every event of the log, versioned
//	internal/room     a room: the fold of its log, and the loop that appends to it
//	internal/history  what a room was at any version, and who wrote it
//	internal/run      jobs, their limits and results; the client of a Piston server
//	internal/runner   the Piston v2 server; runner/sandbox confines what it runs
//	internal/hint     what is known about a program, and the hint that follows; hint/desk is where people ask
//	internal/auth     people, their sessions and organisations; below it the ways to sign in: oidc, saml, passkey, scim …
//	internal/gate     the door: HTTP of signing in, accounts and organisations
//	internal/rights   who may do what in a room: one function
//	internal/voice    people who talk: an SFU, the relay to it, and which node has a room's voice
//	internal/store    SQLite or Postgres: store/engine opens both, store/people keeps accounts, store/nodes who is alive
//	internal/moving   everything that is kept, checked, backed up, and moved from one database to the other
//	internal/bus      what nodes tell each other: in one process, or by Redis
//	internal/metrics  what Prometheus reads
//	internal/trace    what a keystroke, a run or a hint went through
//	internal/server   routes and sockets
//	internal/answer   errors turned into answers
//	internal/config   the one settings struct
//	internal/arch     tests that keep the import table true
//	languages         one folder of data a language
//	web               the sync client, the page, the extension of VS Code, their end-to-end tests
//	bench             load, chaos and soaks behind "codecollab bench"
package codecollab

import (
	"errors"
	"fmt"
)

// Protocol is the version of the socket protocol (docs/protocol.md). A change that an older client cannot read raises it.
const Protocol = 1

// ProtocolOldest is the oldest version that is still spoken: the one before, so that an upgrade may go from node to node.
const ProtocolOldest = 1

// Version counts the events of one room: 1, 2, 3 … without gaps. 0 is the empty log.
type Version = int64

// Kind says what sort of failure an Error is; a caller decides by it, and the server turns it into an HTTP status.
type Kind string

// The kinds of failure. Anything that is not an *Error is internal: logged, and hidden from users.
const (
	Invalid     Kind = "invalid"     // the request is wrong and will stay wrong
	Unknown     Kind = "unknown"     // who asks has to sign in, or to sign in again
	Forbidden   Kind = "forbidden"   // the person may not do this
	NotFound    Kind = "not_found"   // no such room, file or run
	Conflict    Kind = "conflict"    // the state has moved on, or the name is taken
	Limit       Kind = "limit"       // a configured limit is reached
	Unavailable Kind = "unavailable" // not now; trying again later may succeed
)

// Error is a failure that may be shown to the person who caused it.
type Error struct {
	Kind    Kind
	Code    string // stable, for programs: "bad_edit", "too_large" …; docs/protocol.md lists them
	Message string // for people: what, where, the limit and what to do
	Err     error  // the cause, for the log only
}

// Error returns the message, with the cause behind it where there is one.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error with a message in the manner of fmt.Sprintf.
func Errorf(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// CodeOf returns the code of err, or "internal" when err is not an *Error.
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return "internal"
}
