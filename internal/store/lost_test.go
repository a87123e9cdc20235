package store

import (
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
	for range 2 {
		wantCode(t, s.Create(t.Context(), "after", roomtest.Records(0, 3)), "read_only")
	}
	if got, err := s.Read(t.Context(), "before", 0, 10); err != nil || len(got) != 3 {
		t.Errorf("%d records, %v: want what there was", len(got), err)
	}
	_ = s.Close()
	if err := open(t, opt).Create(t.Context(), "again", roomtest.Records(0, 3)); err != nil {
		t.Errorf("after starting again: %v", err)
	}
}
