package people

import "codecollab.dev/internal/store/engine"

// text says where the one column of a row goes.
func text(s *string) []any { return []any{s} }

// isTaken reports whether err says that such a row is there already.
func isTaken(err error) bool { return engine.IsTaken(err) }
