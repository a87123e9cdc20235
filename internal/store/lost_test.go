package store

import (
	"fmt"
	"testing"

	"codecollab.dev/internal/room/roomtest"
)

// A disk that does not take what was written is a file here that takes nothing any more.
func TestNothingIsWrittenAfterTheDiskFailed(t *testing.T) {
	opt := Options{Dir: t.TempDir()}
	s := open(t, opt)
	if err := s.Create(t.Context(), "before", roomtest.Records(0, 3)); err != nil {
		t.Fatal(err)
	}
	if err := s.lite.writer.wal.Close(); err != nil {
		t.Fatal(err)
	}
	// At once, so that the groups of some are on their way to the disk while others are written.
	errs := make(chan error)
	for i := range 8 {
		go func() { errs <- s.Create(t.Context(), fmt.Sprint("after", i), roomtest.Records(0, 3)) }()
	}
	for range 8 {
		wantCode(t, <-errs, "read_only")
	}
	wantCode(t, s.Create(t.Context(), "later", roomtest.Records(0, 3)), "read_only")
	if got, err := s.Read(t.Context(), "before", 0, 10); err != nil || len(got) != 3 {
		t.Errorf("%d records, %v: want what there was", len(got), err)
	}
	_ = s.Close()
	if err := open(t, opt).Create(t.Context(), "again", roomtest.Records(0, 3)); err != nil {
		t.Errorf("after starting again: %v", err)
	}
}
