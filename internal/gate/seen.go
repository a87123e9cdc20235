package gate

import (
	"net/http"
	"strings"
	"time"

	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/trace"
)

// Seen is a request that has been answered.
type Seen struct {
	Route  string // the pattern that it matched, never the path; "" when it matched none or was turned away
	Status int
	In     int64 // bytes of its body, as far as it said
	Out    int64 // bytes of the answer
	Took   time.Duration
	Long   bool // it goes on for as long as somebody is there, so that its time says nothing
}

// requestHeaders are believed of trusted proxies alone.
var requestHeaders = []string{answer.RequestHeader, "Traceparent", "Tracestate"}

// begin names a request, and begins its span.
func (g *Guard) begin(w http.ResponseWriter, r *http.Request) (*recorder, *http.Request, *trace.Span) {
	id := answer.NameRequest(r)
	w.Header().Set(answer.RequestHeader, id)
	ctx := answer.WithRequest(r.Context(), id)
	var span *trace.Span
	if traced(r) {
		span = g.opt.Trace.Begin(r.Method, trace.From{At: time.Now(), Parent: r.Header.Get("Traceparent")})
		span.Set("http.request.method", r.Method)
		ctx = trace.With(ctx, span)
	}
	return &recorder{ResponseWriter: w}, r.WithContext(ctx), span
}

// traced leaves out what would only fill a collector, and what goes on for hours.
func traced(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/api/") && !isStream(r)
}

func isStream(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/stream")
}

// end tells that a request has been answered.
func (g *Guard) end(w *recorder, r *http.Request, span *trace.Span, began time.Time) {
	s := Seen{Route: r.Pattern, Status: w.status, In: max(0, r.ContentLength), Out: w.bytes, Took: time.Since(began), Long: isStream(r)}
	if s.Status == 0 {
		s.Status = http.StatusOK
	}
	g.opt.Log.DebugContext(r.Context(), "request", "route", s.Route, "status", s.Status, "took", s.Took)
	if g.opt.Watch != nil {
		g.opt.Watch(s)
	}
	if span == nil {
		return
	}
	if s.Route != "" {
		span.Name(s.Route)
		span.Set("http.route", s.Route)
	}
	span.Set("http.response.status_code", s.Status)
	failed := ""
	if s.Status >= http.StatusInternalServerError {
		failed = http.StatusText(s.Status)
	}
	span.End(failed)
}

// recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// Unwrap lets http.ResponseController find the rest.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *recorder) Write(data []byte) (int, error) {
	n, err := w.ResponseWriter.Write(data)
	w.bytes += int64(n)
	return n, err
}
