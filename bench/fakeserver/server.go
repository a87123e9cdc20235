package fakeserver

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/coder/websocket"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// Server serves rooms over HTTP and WebSockets, with as much of the API as a client needs. It may keep its logs in
// files, so that it can be killed and started again.
type Server struct {
	// Answer, if set, may answer a client's message in the place of the server; it is called with the lock held.
	Answer func(client string, m wire.Message) (answer wire.Message, done bool)

	mu     sync.Mutex
	dir    string
	rooms  map[string]*Room
	links  map[*link]bool
	guests int
}

// Open returns a server with the rooms whose logs lie in a folder; with "" it keeps nothing.
func Open(dir string) (*Server, error) {
	s := &Server{dir: dir, rooms: map[string]*Room{}, links: map[*link]bool{}}
	if dir == "" {
		return s, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.log"))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		if err := s.load(path); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *Server) load(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	r := sample()
	for line := range strings.Lines(string(data)) {
		if !strings.HasSuffix(line, "\n") {
			break // was being written when the server died; nobody has seen it
		}
		var ev wire.Event
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			return err
		}
		r.commit(ev)
		r.saved = r.Version()
	}
	s.rooms[strings.TrimSuffix(filepath.Base(path), ".log")] = r
	return nil
}

func sample() *Room {
	return NewRoom(wire.File{ID: "file0000", Name: "main.py", Text: "print(\"hello 😀\")\n"})
}

// Room calls fn with a room, under the server's lock; nil when there is none of this name.
func (s *Server) Room(name string, fn func(*Room)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn(s.rooms[name])
}

// Handler returns the routes.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /api/v1/me", s.me)
	mux.HandleFunc("POST /api/v1/rooms", s.create)
	mux.HandleFunc("GET /api/v1/rooms/{room}/socket", s.socket)
	return mux
}

func (s *Server) me(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guests++
	http.SetCookie(w, &http.Cookie{Name: "codecollab", Value: fmt.Sprint("guest", s.guests)})
}

func (s *Server) create(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := fmt.Sprintf("room%04d", len(s.rooms))
	s.rooms[name] = sample()
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]string{"room": name})
}

// link is one connection. What is to be sent lies in queue, and ready tells its writer.
type link struct {
	room   string
	client string
	joined bool
	cursor codecollab.Version
	queue  [][]byte
	ready  chan struct{}
}

func (s *Server) socket(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("room")
	known := false
	s.Room(name, func(r *Room) { known = r != nil })
	if !known {
		http.Error(w, "{}", http.StatusNotFound)
		return
	}
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = ws.CloseNow() }()
	l := &link{room: name, ready: make(chan struct{}, 1)}
	s.mu.Lock()
	s.links[l] = true
	s.mu.Unlock()
	defer s.remove(l)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go s.write(ctx, ws, l)
	s.read(ctx, ws, l)
}

func (s *Server) remove(l *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.links, l)
}

func (s *Server) write(ctx context.Context, ws *websocket.Conn, l *link) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.ready:
		}
		s.mu.Lock()
		frame := wire.JoinFrame(l.queue)
		l.queue = nil
		s.mu.Unlock()
		if len(frame) > 0 && ws.Write(ctx, websocket.MessageText, frame) != nil {
			return
		}
	}
}

func (s *Server) read(ctx context.Context, ws *websocket.Conn, l *link) {
	for {
		_, frame, err := ws.Read(ctx)
		if err != nil {
			return
		}
		for _, line := range wire.SplitFrame(frame) {
			m, err := wire.ParseClient(line)
			if err != nil {
				s.say(l, &wire.Error{Code: codecollab.CodeOf(err), Message: err.Error()})
				continue
			}
			s.take(l, m)
		}
	}
}

func (s *Server) say(l *link, m wire.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.put(m)
}

// put queues a message. The caller holds the server's lock.
func (l *link) put(m wire.Message) {
	line, err := wire.Marshal(m)
	if err != nil {
		panic(err)
	}
	l.queue = append(l.queue, line)
	select {
	case l.ready <- struct{}{}:
	default:
	}
}

func (s *Server) take(l *link, m wire.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Answer != nil {
		if answer, done := s.Answer(l.client, m); done {
			if answer != nil {
				l.put(answer)
			}
			return
		}
	}
	room := s.rooms[l.room]
	switch m := m.(type) {
	case *wire.Join:
		for _, a := range room.Join(m) {
			l.put(a)
		}
		l.client, l.joined, l.cursor = m.Client, true, room.Version()
	case *wire.Batch:
		answer := room.Append(l.client, m)
		s.spread(l.room, room)
		if answer != nil {
			l.put(answer)
		}
	case *wire.Ping:
		l.put(&wire.Pong{})
	}
}

// spread writes new events to the log's file and sends them to everyone in the room.
func (s *Server) spread(name string, room *Room) {
	events := room.After(room.saved)
	room.saved = room.Version()
	for i := range events {
		s.save(name, &events[i])
		for l := range s.links {
			if l.room == name && l.joined && l.cursor < events[i].Version {
				l.put(&events[i])
				l.cursor = events[i].Version
			}
		}
	}
}

func (s *Server) save(name string, ev *wire.Event) {
	if s.dir == "" {
		return
	}
	line, err := json.Marshal(ev)
	if err != nil {
		panic(err)
	}
	f, err := os.OpenFile(filepath.Join(s.dir, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := f.Write(append(line, '\n')); err != nil {
		panic(err)
	}
}
