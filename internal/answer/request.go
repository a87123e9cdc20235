package answer

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"strings"
)

// RequestHeader names a request, so that what different hosts write down about it can be found together.
const RequestHeader = "X-Request-Id"

type requestKey struct{}

// WithRequest gives whatever is done with the context the name of its request.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestOf is the name of the request that a context belongs to; "" when it belongs to none.
func RequestOf(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// longestRequest is what a proxy may call a request, in bytes.
const longestRequest = 64

// NameRequest names a request: as a proxy has, whose headers are believed, or anew.
func NameRequest(r *http.Request) string {
	id := r.Header.Get(RequestHeader)
	if id == "" || len(id) > longestRequest || strings.Trim(strings.ToLower(id), "abcdefghijklmnopqrstuvwxyz0123456789-_.:") != "" {
		return strings.ToLower(rand.Text()[:16])
	}
	return id
}

// logged is a log whose lines name the request that they are about.
type logged struct{ slog.Handler }

// NameRequests has all lines that are written with the context of a request name it.
func NameRequests(h slog.Handler) slog.Handler { return logged{h} }

// Handle implements slog.Handler.
func (l logged) Handle(ctx context.Context, r slog.Record) error {
	if id := RequestOf(ctx); id != "" {
		r.AddAttrs(slog.String("request", id))
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (l logged) WithAttrs(attrs []slog.Attr) slog.Handler { return logged{l.Handler.WithAttrs(attrs)} }

// WithGroup implements slog.Handler.
func (l logged) WithGroup(name string) slog.Handler { return logged{l.Handler.WithGroup(name)} }
