package people

import (
	"errors"

	"modernc.org/sqlite"
)

// text says where the one column of a row goes.
func text(s *string) []any { return []any{s} }

// SQLite's result codes of a row that is there already: SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE.
const (
	primaryKeyTaken = 1555
	uniqueTaken     = 2067
)

// isTaken reports whether err says that such a row is there already.
func isTaken(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code() == primaryKeyTaken || e.Code() == uniqueTaken)
}
