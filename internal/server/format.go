package server

import (
	"context"
	"net/http"
	"sync"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
)

// Source is a text that is to be formatted.
type Source struct {
	Language string `json:"language"`          // an id of the catalogue
	Version  string `json:"version,omitempty"` // which one of several; empty: the newest
	Name     string `json:"name"`              // of the file
	Content  string `json:"content"`
}

// Formatter formats sources, in the sandbox.
type Formatter interface {
	// Format returns the text as it should be. Errors: "no_format", the language has no formatter here; "not_formatted", with the
	// formatter's own words on what is wrong with the text; "busy".
	Format(context.Context, Source) (string, error)
}

// formats are the rooms in which a formatter is at work: one at a time in each, so that no room takes the runner from the others.
type formats struct {
	mu    sync.Mutex
	rooms map[string]bool
}

// begin claims a room; the answer gives it back, and is nil when the room has its turn already.
func (f *formats) begin(room string) func() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.rooms[room] {
		return nil
	}
	if f.rooms == nil {
		f.rooms = map[string]bool{}
	}
	f.rooms[room] = true
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.rooms, room)
	}
}

// format gives back a source as its language's formatter would have it. It changes nothing in the room: whoever asked does.
// As with running, everybody who may edit may ask.
func (s *Server) format(w http.ResponseWriter, r *http.Request) error {
	var in Source
	if err := answer.ReadUpTo(w, r, &in, int64(s.opt.BatchBytes)); err != nil {
		return err
	}
	lang, err := s.findLanguage(in.Language)
	if err != nil {
		return err
	}
	in.Language = lang.ID
	end := s.formats.begin(r.PathValue("room"))
	if end == nil {
		return codecollab.Errorf(codecollab.Limit, "slow_down", "Something is being formatted in this room already. Try again in a moment.")
	}
	defer end()
	content, err := s.opt.Formatter.Format(r.Context(), in)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]string{"content": content})
	return nil
}
