// Package server answers HTTP: the page, the API, and the connections of people to rooms. It sees the domain (rooms,
// who is asking) and no adapter: what it needs of the rest it gets as functions and small interfaces.
package server

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/trace"
	"codecollab.dev/internal/voice"
	"codecollab.dev/internal/wire"
)

// Options are what a server is made of. Every field must be set, but those that say so.
type Options struct {
	Build     string // shown to clients, so that an old page can offer a reload
	Gate      Gate
	Rooms     *room.Rooms
	Languages Languages
	Formatter Formatter
	Runs      Runs
	Files     Files
	History   History
	Events    room.Finder
	Visits    Visits
	Keeper    Keeper
	Doors     Doors
	OrgRooms  OrgRooms
	Hasher    Hasher // of passcodes
	Orgs      Orgs
	Hints     Hints
	Voice     Talking  // nil: nobody can talk
	Connect   []string // other origins that the page may connect to
	Others    Others   // nil: there are no other nodes
	Page      fs.FS    // the built page; index.html at its root
	Extension []byte   // codecollab.vsix; empty: this build has none
	Editors   Editors  // that come from origins of their own; the zero value: there are none
	Ready     func(context.Context) error
	Log       *slog.Logger
	Watch     Watch         // nil: nobody watches
	Trace     *trace.Tracer // nil: nobody keeps any
	Status    Reporter      // nil: nobody may ask, in tests

	Heartbeat     time.Duration // a client that has heard nothing for so long asks
	BatchBytes    int           // the largest message
	BatchesPerSec float64       // of one connection, sustained
	BatchBurst    int
	AuditRooms    bool          // what is done with rooms that belong to no organisation is in the audit log, too
	RoomKeep      time.Duration // a room ends when nobody was there for so long; 0: never
	PasscodeTries int           // of one person in a minute
}

// Runs are the programs that run.
type Runs interface {
	// Stop ends a run on behalf of a person; false when there is no such run going on.
	Stop(room string, run int64, by string) bool
	// Type gives a run's program what a person has typed. Errors: "no_run", "input_full".
	Type(room string, run int64, person, data string) error
	// Resize gives a run's terminal another size.
	Resize(room string, run int64, size wire.Size)
}

// Files are what programs left.
type Files interface {
	// File returns a file of a run. Error "no_file" when there is none, or none any more.
	File(ctx context.Context, room string, run int64, name string) (kind string, data []byte, err error)
}

// Server is an http.Handler, and the connections that hang on it.
type Server struct {
	opt     Options
	handler http.Handler
	streams streams
	relay   *relay
	formats formats
	tries   *tries

	ctx       context.Context // ends when the server stops
	stop      context.CancelFunc
	sessions  sync.WaitGroup
	connected connected
	leaving   atomic.Bool // it is being stopped, and says so to those who ask whether it is ready
	full      atomic.Bool // it takes no more connections
}

// New makes a server.
func New(opt Options) (*Server, error) {
	if opt.Voice == nil {
		opt.Voice = voice.Closed{}
	}
	if opt.Watch == nil {
		opt.Watch = unwatched{}
	}
	s := &Server{opt: opt, streams: newStreams(), relay: newRelay(opt.Others), tries: newTries(opt.PasscodeTries), connected: connected{more: make(chan struct{}, 1)}}
	s.ctx, s.stop = context.WithCancel(context.Background())
	page, err := newPage(opt.Page)
	if err != nil {
		return nil, err
	}
	s.handler = s.routes(page)
	opt.Gate.Watch(s.ended)
	opt.Gate.WatchChanges(s.connected.change)
	s.sessions.Go(s.recheck)
	return s, nil
}

// routes is the whole of what can be asked. What is in a room says here what one must be allowed to do there.
func (s *Server) routes(page http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer.Text(w, "ok") })
	mux.Handle("GET /readyz", s.handle(s.ready))
	s.opt.Gate.Routes(mux)
	mux.Handle("GET /api/v1/me/rooms", s.handle(s.myRooms))
	mux.Handle("DELETE /api/v1/me/rooms/{room}", s.handle(s.forgetRoom))
	if s.opt.Status != nil {
		mux.Handle("GET /api/v1/admin/status", s.handle(s.adminStatus))
	}
	mux.Handle("GET /api/v1/languages", s.handle(s.languages))
	mux.Handle("GET /api/v1/languages/{id}", s.handle(s.language))
	mux.Handle("POST /api/v1/rooms", s.handle(s.createRoom))
	mux.Handle("GET /api/v1/rooms/{room}", s.in(rights.Read, s.getRoom))
	mux.Handle("DELETE /api/v1/rooms/{room}", s.in(rights.End, s.deleteRoom))
	mux.Handle("PUT /api/v1/rooms/{room}/members/{person}", s.in(rights.Manage, s.setMember))
	mux.Handle("PUT /api/v1/rooms/{room}/lock", s.in(rights.Manage, s.setLock))
	mux.Handle("PUT /api/v1/rooms/{room}/access", s.in(rights.Manage, s.setAccess))
	mux.Handle("PUT /api/v1/rooms/{room}/passcode", s.in(rights.Manage, s.setPasscode))
	mux.Handle("POST /api/v1/rooms/{room}/passcode", s.in(rights.Knock, s.tryPasscode))
	mux.Handle("POST /api/v1/rooms/{room}/knocks/{person}", s.in(rights.Manage, s.answerKnock))
	mux.Handle("GET /api/v1/rooms/{room}/invitations", s.in(rights.Manage, s.invitations))
	mux.Handle("POST /api/v1/rooms/{room}/invitations", s.in(rights.Manage, s.invite))
	mux.Handle("DELETE /api/v1/rooms/{room}/invitations/{who}", s.in(rights.Manage, s.uninvite))
	mux.Handle("POST /api/v1/rooms/{room}/takeover", s.in(rights.Oversee, s.takeOver))
	mux.Handle("GET /api/v1/orgs/{org}/rooms", s.handle(s.orgRooms))
	mux.Handle("GET /api/v1/rooms/{room}/links", s.in(rights.InviteViewer, s.links))
	mux.Handle("POST /api/v1/rooms/{room}/links/{role}", s.in(rights.Manage, s.rotateLink))
	mux.Handle("DELETE /api/v1/rooms/{room}/links/{role}", s.in(rights.Manage, s.revokeLink))
	mux.Handle("GET /api/v1/rooms/{room}/chat", s.in(rights.Read, s.chat))
	mux.Handle("GET /api/v1/rooms/{room}/runs", s.in(rights.Read, s.pastRuns))
	mux.Handle("GET /api/v1/rooms/{room}/runs/{run}", s.in(rights.Read, s.pastRun))
	mux.Handle("GET /api/v1/rooms/{room}/runs/{run}/files/{name...}", s.in(rights.Read, s.runFile))
	mux.Handle("POST /api/v1/rooms/{room}/format", s.in(rights.Edit, s.format))
	// On these the room decides, message by message: see session.go.
	mux.Handle("GET /api/v1/rooms/{room}/socket", s.handle(s.socket))
	mux.Handle("GET /api/v1/rooms/{room}/stream", s.handle(s.openStream))
	mux.Handle("POST /api/v1/rooms/{room}/stream/{id}", s.handle(s.sendStream))
	mux.Handle("GET /api/v1/rooms/{room}/history", s.in(rights.Read, s.historyOverview))
	mux.Handle("GET /api/v1/rooms/{room}/history/state", s.in(rights.Read, s.historyState))
	mux.Handle("GET /api/v1/rooms/{room}/history/blame", s.in(rights.Read, s.historyBlame))
	mux.Handle("GET /api/v1/rooms/{room}/history/events", s.in(rights.Read, s.historyEvents))
	mux.Handle("GET /api/v1/rooms/{room}/hints", s.in(rights.Read, s.hintModels))
	mux.Handle("POST /api/v1/rooms/{room}/hints", s.in(rights.Edit, s.askHint))
	mux.Handle("POST /api/v1/rooms/{room}/hints/{id}/vote", s.in(rights.Read, s.voteHint))
	mux.Handle("GET /api/v1/rooms/{room}/hints/log", s.in(rights.Manage, s.hintLog))
	mux.HandleFunc("GET /preview", s.preview)
	mux.Handle("GET /vscode/codecollab.vsix", s.handle(s.extension()))
	mux.Handle("GET /vscode/web/{name...}", s.handle(s.extensionFiles()))
	mux.Handle("/api/", s.handle(noSuchAPI))
	mux.Handle("/", page)
	foreign := http.NewCrossOriginProtection()
	for _, pattern := range s.opt.Gate.Foreign() {
		foreign.AddInsecureBypassPattern(pattern)
	}
	all := headers(mux, s.opt.Connect)
	return s.opt.Editors.handler(foreign.Handler(all), all)
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close tells every connection to come back later, and waits until they have gone or ctx ends.
func (s *Server) Close(ctx context.Context) error {
	s.stop()
	defer s.relay.cancel()
	gone := make(chan struct{})
	go func() { s.sessions.Wait(); close(gone) }()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
