package server

import (
	"context"
	"io"
	"net/http"

	"github.com/coder/websocket"

	"codecollab.dev/internal/room"
)

// skipFactor times the largest message is what is read over before a connection is given up.
const skipFactor = 64

// socket carries a connection over a WebSocket.
func (s *Server) socket(w http.ResponseWriter, r *http.Request) error {
	id, person := r.PathValue("room"), s.person(w, r).Person
	// Loading the room first gives a plain 404 where there is none.
	if err := s.opt.Rooms.Use(r.Context(), id, func(*room.Room) error { return nil }); err != nil {
		return err
	}
	ws, err := websocket.Accept(w, r, nil) // refuses other origins
	if err != nil {
		return nil // Accept has answered
	}
	ws.SetReadLimit(-1) // Read keeps the limit, without ending the connection
	// Not in this goroutine: its stack, and the request, would be kept for as long as the connection, which is hours.
	s.sessions.Go(func() { s.serve(context.Background(), &wsLink{ws: ws, limit: s.opt.BatchBytes}, id, person) })
	return nil
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
