//go:build !linux

package schedule

import "time"

// Slice does nothing outside Linux.
func Slice(time.Duration) error { return nil }
