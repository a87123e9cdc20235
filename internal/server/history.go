package server

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"codecollab.dev"
	"codecollab.dev/internal/history"
)

// History is what rooms were.
type History interface {
	Overview(ctx context.Context, room string, buckets int) (*history.Overview, error)
	State(ctx context.Context, room string, v codecollab.Version) (*history.State, error)
	Blame(ctx context.Context, room string, v codecollab.Version, file string) (*history.Blamed, error)
	Events(ctx context.Context, room string, from, to codecollab.Version) ([]json.RawMessage, codecollab.Version, error)
}

// defaultBuckets is about what a screen has room for.
const defaultBuckets = 400

// historyOverview answers with the whole history at a glance.
func (s *Server) historyOverview(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("room")
	buckets := int64(defaultBuckets)
	if r.URL.Query().Has("buckets") {
		var err error
		if buckets, err = number(r, "buckets"); err != nil {
			return err
		}
	}
	o, err := s.opt.History.Overview(r.Context(), id, int(min(buckets, 1<<30)))
	if err != nil {
		return err
	}
	return writeLargeJSON(w, r, o)
}

// historyState answers with the files as they were at a version.
func (s *Server) historyState(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("room")
	v, err := number(r, "version")
	if err != nil {
		return err
	}
	state, err := s.opt.History.State(r.Context(), id, v)
	if err != nil {
		return err
	}
	return writeLargeJSON(w, r, state.Answer())
}

// historyBlame answers with who wrote a file as it was at a version.
func (s *Server) historyBlame(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("room")
	v, err := number(r, "version")
	if err != nil {
		return err
	}
	blamed, err := s.opt.History.Blame(r.Context(), id, v, r.URL.Query().Get("file"))
	if err != nil {
		return err
	}
	return writeLargeJSON(w, r, blamed)
}

// historyEvents answers with a page of events to play.
func (s *Server) historyEvents(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("room")
	from, err := number(r, "from")
	if err != nil {
		return err
	}
	to, err := number(r, "to")
	if err != nil {
		return err
	}
	events, next, err := s.opt.History.Events(r.Context(), id, from, to)
	if err != nil {
		return err
	}
	return writeLargeJSON(w, r, struct {
		Events []json.RawMessage  `json:"events"`
		Next   codecollab.Version `json:"next,omitempty"`
	}{events, next})
}

// number reads a version from the query.
func number(r *http.Request, name string) (int64, error) {
	given := r.URL.Query().Get(name)
	n, err := strconv.ParseInt(given, 10, 64)
	if err != nil {
		return 0, codecollab.Errorf(codecollab.Invalid, "bad_version", "%s has to be a whole number, as in ?%s=1; %.40q is none.", name, name, given)
	}
	return n, nil
}

// writeLargeJSON writes an answer that may be large, compressed where the client can read that.
func writeLargeJSON(w http.ResponseWriter, r *http.Request, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Encoding")
	if len(data) < 1024 || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		_, _ = w.Write(data) // the client has gone: nobody is left to tell
		return nil
	}
	h.Set("Content-Encoding", "gzip")
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	_, _ = z.Write(data)
	_ = z.Close()
	return nil
}
