package server

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/room"
)

// streams are the open connections of those who cannot use WebSockets: what the server says goes over server-sent
// events (WHATWG HTML, 9.2), what the client says comes by POST.
type streams struct {
	mu   *sync.Mutex
	open map[string]*stream
}

func newStreams() streams { return streams{mu: &sync.Mutex{}, open: map[string]*stream{}} }

type stream struct {
	person string
	limit  int
	in     chan []byte // frames from POSTs
	ctx    context.Context
	cancel context.CancelFunc
	w      http.ResponseWriter
}

func (s *Server) openStream(w http.ResponseWriter, r *http.Request) error {
	if err := s.errMoving(); err != nil {
		return err
	}
	room0 := r.PathValue("room")
	by, denied := s.who(w, r, auth.ScopeRead)
	if denied != nil && !tellsOnConnection(denied) {
		return denied
	}
	if err := s.opt.Rooms.Use(r.Context(), room0, func(*room.Room) error { return nil }); err != nil {
		return err
	}
	s.sessions.Add(1)
	defer s.sessions.Done()
	l := &stream{person: by.Person, limit: s.opt.BatchBytes, in: make(chan []byte), w: w}
	l.ctx, l.cancel = context.WithCancel(r.Context())
	defer l.cancel()
	id := randomID(26)
	s.streams.add(id, l)
	defer s.streams.remove(id)
	defer s.relay.hear(id, l)()

	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would wait for more
	if err := l.event("open", fmt.Appendf(nil, `{"id":%q}`, id)); err != nil {
		return nil
	}
	s.serve(l.ctx, l, room0, by, denied)
	return nil
}

// sendStream takes a frame that the client says. It returns once the session has taken it, which keeps the order.
func (s *Server) sendStream(w http.ResponseWriter, r *http.Request) error {
	by, err := s.who(w, r, auth.ScopeRead)
	if err != nil {
		return err
	}
	frame, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(s.opt.BatchBytes)))
	if err != nil {
		return codecollab.Errorf(codecollab.Limit, "too_large", "The message is larger than %d bytes. Send it in smaller parts.", s.opt.BatchBytes)
	}
	id := r.PathValue("id")
	switch l := s.streams.find(id); {
	case l == nil:
		err = s.relay.pass(r.Context(), id, by.Person, frame)
	case l.person != by.Person:
		err = errNoStream()
	default:
		err = l.take(r.Context(), frame)
	}
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// take hands a frame to the session.
func (l *stream) take(ctx context.Context, frame []byte) error {
	select {
	case l.in <- frame:
		return nil
	case <-l.ctx.Done():
		return errNoStream()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (ss *streams) add(id string, l *stream) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	ss.open[id] = l
}

func (ss *streams) remove(id string) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	delete(ss.open, id)
}

func (ss *streams) find(id string) *stream {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	return ss.open[id]
}

func (l *stream) Read(ctx context.Context) ([]byte, error) {
	select {
	case frame := <-l.in:
		return frame, nil
	case <-ctx.Done():
		return nil, gone{ctx.Err()}
	case <-l.ctx.Done():
		return nil, gone{l.ctx.Err()}
	}
}

func (l *stream) Write(ctx context.Context, frame []byte) error {
	if deadline, ok := ctx.Deadline(); ok {
		_ = http.NewResponseController(l.w).SetWriteDeadline(deadline) // not every ResponseWriter can
	}
	return l.event("", frame)
}

// event writes one server-sent event; a frame's lines become data lines, which the browser joins again.
func (l *stream) event(name string, frame []byte) error {
	var b bytes.Buffer
	if name != "" {
		fmt.Fprintf(&b, "event: %s\n", name)
	}
	for line := range bytes.Lines(frame) {
		b.WriteString("data: ")
		b.Write(bytes.TrimSuffix(line, []byte("\n")))
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	if _, err := l.w.Write(b.Bytes()); err != nil {
		return err
	}
	return http.NewResponseController(l.w).Flush()
}

func (l *stream) Close(string) { l.cancel() }
