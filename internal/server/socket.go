package server

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/coder/websocket"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/room"
)

// skipFactor times the largest message is what is read over before a connection is given up.
const skipFactor = 64

// socket carries a connection over a WebSocket.
func (s *Server) socket(w http.ResponseWriter, r *http.Request) error {
	if err := s.errMoving(); err != nil {
		return err
	}
	id := r.PathValue("room")
	by, denied := s.who(w, r, auth.ScopeRead)
	if denied != nil && !tellsOnConnection(denied) {
		return denied
	}
	// Loading the room first gives a plain 404 where there is none.
	if err := s.opt.Rooms.Use(r.Context(), id, func(*room.Room) error { return nil }); err != nil {
		return err
	}
	ws, err := websocket.Accept(slim{w}, r, nil) // refuses other origins
	if err != nil {
		return nil // Accept has answered
	}
	ws.SetReadLimit(-1) // Read keeps the limit, without ending the connection
	// Not in this goroutine: its stack, and the request, would be kept for as long as the connection, which is hours.
	ctx := answer.WithRequest(context.Background(), answer.RequestOf(r.Context()))
	s.sessions.Go(func() { s.serve(ctx, &wsLink{ws: ws, limit: s.opt.BatchBytes}, id, by, denied) })
	return nil
}

// tellsOnConnection reports whether somebody is told on the connection itself that they may not come in: pages do not see the
// status of a WebSocket that was refused, and would try for ever.
func tellsOnConnection(err error) bool {
	_, ok := errors.AsType[*codecollab.Error](err)
	return ok
}

// slim gives a hijacked connection small buffers in the place of net/http's two of 4 KiB, which would be most of what an
// idle connection costs. A frame beyond them is read and written past them.
type slim struct{ http.ResponseWriter }

const slimBytes = 1 << 10

// Unwrap lets http.ResponseController find the rest.
func (s slim) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Hijack implements http.Hijacker.
func (s slim) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(s.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	early, err := io.ReadAll(io.LimitReader(rw, int64(rw.Reader.Buffered())))
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	in := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(early), conn), max(slimBytes, len(early)))
	if _, err := in.Peek(len(early)); err != nil { // websocket.Accept takes over what is buffered, and reads on from conn
		return nil, nil, errors.Join(err, conn.Close())
	}
	return conn, bufio.NewReadWriter(in, bufio.NewWriterSize(conn, slimBytes)), nil
}

type wsLink struct {
	ws    *websocket.Conn
	limit int // bytes
}

func (l *wsLink) Read(ctx context.Context) ([]byte, error) {
	_, r, err := l.ws.Reader(ctx)
	if err != nil {
		return nil, gone{err}
	}
	data, err := io.ReadAll(io.LimitReader(r, int64(l.limit)+1))
	if err != nil {
		return nil, gone{err}
	}
	if len(data) <= l.limit {
		return data, nil
	}
	if n, err := io.Copy(io.Discard, io.LimitReader(r, int64(l.limit)*skipFactor)); err != nil || n == int64(l.limit)*skipFactor {
		l.ws.Close(websocket.StatusMessageTooBig, "too large")
		return nil, gone{errTooLarge}
	}
	return nil, errTooLarge
}

func (l *wsLink) Write(ctx context.Context, frame []byte) error {
	return l.ws.Write(ctx, websocket.MessageText, frame)
}

func (l *wsLink) Close(reason string) {
	_ = l.ws.Close(websocket.StatusNormalClosure, reason)
}
