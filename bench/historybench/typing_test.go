package historybench

import (
	"encoding/json"
	"testing"

	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// The made-up history is one that a room could have: versions without gaps, edits that fit, times that do not go back.
func TestTheHistoryIsARoomsHistory(t *testing.T) {
	files := map[string]text.Text{}
	made := newTyping()
	var version, at int64
	for range 10 {
		for _, e := range made.next(2000) {
			if version++; e.Version != version || e.At < at {
				t.Fatalf("event %d at %d after %d at %d", e.Version, e.At, version-1, at)
			}
			at = e.At
			data, err := wire.Marshal(&e)
			if err != nil || !json.Valid(data) {
				t.Fatal(err)
			}
			switch b := e.Body.Payload.(type) {
			case *wire.Create:
				files[b.File] = text.Of(b.Text)
			case *wire.Edit:
				for _, ed := range b.Edits {
					next, err := ed.Changes.Apply(files[ed.File])
					if err != nil {
						t.Fatalf("event %d: %v", e.Version, err)
					}
					files[ed.File] = next
				}
			}
		}
	}
	for id, f := range files {
		if f.Len() < 1000 || f.Len() > fileMost+1000 {
			t.Errorf("file %s has %d units", id, f.Len())
		}
	}
}
