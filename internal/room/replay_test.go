package room

import (
	"bytes"
	"testing"

	"codecollab.dev/internal/rights"
)

// A state that comes from a snapshot is kept as the one that the snapshot was made of: whoever compares them finds nothing.
func TestSnapshotsOfOneStateAreTheSame(t *testing.T) {
	s := newState()
	s.Version = 1
	s.Owner = "person-z" // a member without being among the members, and the last by name
	s.Members["person-a"] = Member{Role: rights.Editor}
	first, err := s.snapshot()
	if err != nil {
		t.Fatal(err)
	}
	back, err := restore(first)
	if err != nil {
		t.Fatal(err)
	}
	again, err := back.snapshot()
	if err != nil || !bytes.Equal(first.Data, again.Data) {
		t.Errorf("%s became %s (%v)", first.Data, again.Data, err)
	}
}
