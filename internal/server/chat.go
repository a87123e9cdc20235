package server

import (
	"net/http"
	"strconv"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/room"
)

// Pages of what has happened in a room.
const (
	pageDefault = 50
	pageMost    = 200
)

// chat answers with a page of what was said before a version, oldest first.
func (s *Server) chat(w http.ResponseWriter, r *http.Request) error {
	before, limit, err := pageOf(r)
	if err != nil {
		return err
	}
	messages, more, err := room.ChatBefore(r.Context(), s.opt.Events, r.PathValue("room"), before, limit)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"messages": messages, "more": more})
	return nil
}

// pageOf reads which page is asked for: ?before=VERSION&limit=N.
func pageOf(r *http.Request) (before codecollab.Version, limit int, err error) {
	limit = pageDefault
	q := r.URL.Query()
	if v := q.Get("before"); v != "" {
		if before, err = strconv.ParseInt(v, 10, 64); err != nil || before < 1 {
			return 0, 0, codecollab.Errorf(codecollab.Invalid, "bad_message", "before is a version, a number from 1; %.40q is none.", v)
		}
	}
	if v := q.Get("limit"); v != "" {
		if limit, err = strconv.Atoi(v); err != nil || limit < 1 || limit > pageMost {
			return 0, 0, codecollab.Errorf(codecollab.Invalid, "bad_message", "limit is a number from 1 to %d; %.40q is none.", pageMost, v)
		}
	}
	return before, limit, nil
}
