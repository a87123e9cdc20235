// Package answer turns what a handler found out into an HTTP answer: JSON, or an error that says what to do. The rooms of the
// house that speak HTTP share it, so that all of the API fails in the same words.
package answer

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"codecollab.dev"
)

// Handler answers a request, or says why not.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Desk answers for handlers, and logs what is not for people.
type Desk struct{ Log *slog.Logger }

// Handle makes an http.Handler of h.
func (d Desk) Handle(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			d.Fail(w, r, err)
		}
	})
}

// Fail writes an error as {"code", "message", "request"}, the last by which its lines in the log are found. What is not meant for
// people is logged and hidden.
func (d Desk) Fail(w http.ResponseWriter, r *http.Request, err error) {
	e := d.Public(r.Context(), err, "method", r.Method, "path", r.URL.Path)
	out := map[string]string{"code": e.Code, "message": e.Message}
	if id := RequestOf(r.Context()); id != "" {
		out["request"] = id
	}
	JSON(w, Status(e.Kind, e.Code), out)
}

// Public is err as people may see it.
func (d Desk) Public(ctx context.Context, err error, about ...any) *codecollab.Error {
	e, ok := errors.AsType[*codecollab.Error](err)
	if !ok {
		d.Log.ErrorContext(ctx, "internal error", append(about, "err", err)...)
		return codecollab.Errorf("internal", "internal", "Something went wrong on the server. It has been noted in its log.")
	}
	if e.Err != nil {
		d.Log.WarnContext(ctx, "refused", append(about, "code", e.Code, "err", e.Err)...)
	}
	return e
}

// Status is the HTTP status of a failure.
func Status(kind codecollab.Kind, code string) int {
	switch kind {
	case codecollab.Invalid:
		if code == "wrong_host" {
			return http.StatusMisdirectedRequest
		}
		return http.StatusBadRequest
	case codecollab.Unknown:
		return http.StatusUnauthorized
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

// JSON writes v. Answers are about one person at one time, so nobody keeps them.
func JSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client has gone: nobody is left to tell
}

// Text writes a line.
func Text(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, text+"\n")
}

// smallBody is what a request may hold that says no more than a few fields, in bytes.
const smallBody = 64 << 10

// Read reads a small request body into v; an empty one leaves v as it is. Errors: "too_large", "bad_message".
func Read(w http.ResponseWriter, r *http.Request, v any) error {
	return ReadUpTo(w, r, v, smallBody)
}

// ReadUpTo reads a body of at most so many bytes.
func ReadUpTo(w http.ResponseWriter, r *http.Request, v any, most int64) error {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, most)).Decode(v)
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return codecollab.Errorf(codecollab.Limit, "too_large", "The request is larger than %d bytes.", tooLarge.Limit)
	}
	return codecollab.Errorf(codecollab.Invalid, "bad_message", "The request is not the JSON that is expected here: %v.", err)
}
