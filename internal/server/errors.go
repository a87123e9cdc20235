package server

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// handler answers a request, or says why not; one place turns that into an answer.
type handler func(w http.ResponseWriter, r *http.Request) error

func (s *Server) handle(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// status is the HTTP status of each kind of failure.
func status(kind codecollab.Kind, code string) int {
	switch kind {
	case codecollab.Invalid:
		return http.StatusBadRequest
	case codecollab.Forbidden:
		return http.StatusForbidden
	case codecollab.NotFound:
		return http.StatusNotFound
	case codecollab.Conflict:
		return http.StatusConflict
	case codecollab.Limit:
		if code == "too_large" {
			return http.StatusRequestEntityTooLarge
		}
		return http.StatusTooManyRequests
	case codecollab.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// fail writes an error as {"code", "message"}. What is not meant for people is logged and hidden.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	e := s.public(err, "method", r.Method, "path", r.URL.Path)
	writeJSON(w, status(e.Kind, e.Code), map[string]string{"code": e.Code, "message": e.Message})
}

// public is err as people may see it.
func (s *Server) public(err error, about ...any) *codecollab.Error {
	e, ok := errors.AsType[*codecollab.Error](err)
	if !ok {
		s.opt.Log.Error("internal error", append(about, "err", err)...)
		return codecollab.Errorf("internal", "internal", "Something went wrong on the server. It has been noted in its log.")
	}
	if e.Err != nil {
		s.opt.Log.Warn("refused", append(about, "code", e.Code, "err", e.Err)...)
	}
	return e
}

// refusal is err as a message on a connection.
func (s *Server) refusal(err error, seq int64, about ...any) *wire.Error {
	e := s.public(err, about...)
	retry := e.Kind == codecollab.Unavailable || e.Code == "internal" || e.Code == "slow_down" || e.Code == "room_full"
	return &wire.Error{Code: e.Code, Message: e.Message, Seq: seq, Retry: retry}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client has gone: nobody is left to tell
}

func writeText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, text+"\n")
}

// readJSON reads a small request body; an empty one leaves v as it is.
func readJSON(w http.ResponseWriter, r *http.Request, v any) error {
	return readJSONUpTo(w, r, v, 64<<10)
}

func readJSONUpTo(w http.ResponseWriter, r *http.Request, v any, most int64) error {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, most)).Decode(v)
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return codecollab.Errorf(codecollab.Limit, "too_large", "The request is larger than %d bytes.", tooLarge.Limit)
	}
	return codecollab.Errorf(codecollab.Invalid, "bad_message", "The request is not the JSON that is expected here: %v.", err)
}

func noSuchAPI(http.ResponseWriter, *http.Request) error {
	return codecollab.Errorf(codecollab.NotFound, "no_endpoint", "There is no such endpoint; docs/protocol.md lists them.")
}
