package server

import (
	"context"
	"net/http"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
)

// Status is how an installation does, for those who administer it. Nothing of what is in rooms is in it.
type Status struct {
	At       int64     `json:"at"` // ms since the Unix epoch
	Version  string    `json:"version"`
	Node     string    `json:"node"` // the one that answers: what follows is of this node, but for nodes
	Started  int64     `json:"started"`
	Nodes    []Node    `json:"nodes"`
	Rooms    RoomsNow  `json:"rooms"`
	Queue    QueueNow  `json:"queue"`
	Runners  []Runner  `json:"runners"`
	Database Database  `json:"database"`
	Disk     Disk      `json:"disk"`
	Bus      BusNow    `json:"bus"`
	Models   []Model   `json:"models"`
	Voice    *Voice    `json:"voice,omitempty"` // nil: there is none
	Problems []Problem `json:"problems"`
}

// Node is a server of the installation.
type Node struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Since   int64  `json:"since"`
	Here    bool   `json:"here"`
	Leaving bool   `json:"leaving"` // it is being stopped
}

// RoomsNow are the rooms in memory.
type RoomsNow struct {
	Open        int        `json:"open"`
	ReadOnly    int        `json:"readOnly"`
	Connections int        `json:"connections"`
	People      int        `json:"people"`
	Busiest     []BusyRoom `json:"busiest"`
}

// BusyRoom is one with many people.
type BusyRoom struct {
	Room        string `json:"room"`
	Connections int    `json:"connections"`
	Language    string `json:"language"`
	Version     int64  `json:"version"`
}

// QueueNow are the programs that people have asked for.
type QueueNow struct {
	Waiting int `json:"waiting"`
	Running int `json:"running"`
	Workers int `json:"workers"`
}

// Runner is where programs run.
type Runner struct {
	Name      string `json:"name"`
	Up        bool   `json:"up"`
	Why       string `json:"why,omitempty"` // it does not answer
	Running   int    `json:"running"`
	Others    int    `json:"others"`
	Capacity  int    `json:"capacity"`
	Languages int    `json:"languages"`
}

// Database is where all is kept.
type Database struct {
	Kind  string `json:"kind"` // "sqlite" or "postgres"
	Up    bool   `json:"up"`
	Open  int    `json:"open"` // connections; 0 where there are none
	InUse int    `json:"inUse"`
	Most  int    `json:"most"`
}

// Disk is the one that the data folder is on, in bytes; zero when it cannot be told.
type Disk struct {
	Free  uint64 `json:"free"`
	Total uint64 `json:"total"`
}

// BusNow is how nodes tell each other what happens.
type BusNow struct {
	Kind string `json:"kind"` // "memory": there is one node, or they look into the database; "redis"
	Up   bool   `json:"up"`
	Why  string `json:"why,omitempty"`
}

// Model is one that hints may ask.
type Model struct {
	Name  string `json:"name"`
	Model string `json:"model"`
	Place string `json:"place"`
	Up    bool   `json:"up"`
	Why   string `json:"why,omitempty"`
}

// Voice is who talks.
type Voice struct {
	Rooms    int         `json:"rooms"`
	People   int         `json:"people"`
	Speaking int         `json:"speaking"`
	Busiest  []VoiceRoom `json:"busiest"` // those with the most people, a few
}

// VoiceRoom is a room in which people talk, on this node.
type VoiceRoom struct {
	Room     string  `json:"room"`
	People   int     `json:"people"`
	Speaking int     `json:"speaking"`
	BitsIn   int64   `json:"bitsIn"`  // a second
	BitsOut  int64   `json:"bitsOut"` // a second
	Loss     float64 `json:"loss"`    // share of the packets from people that did not come: 0 to 1
	Jitter   float64 `json:"jitter"`  // ms, the largest of somebody's
}

// Problem is something that somebody should do something about. The page has sentences for the codes, docs/operate.md too.
type Problem struct {
	Code     string `json:"code"`
	Severity string `json:"severity"` // "bad": people notice; "weak": they soon may
	About    string `json:"about,omitempty"`
	Text     string `json:"text"`
	Do       string `json:"do"`
}

// administrator is who sends a request that only an administrator of the installation may send. Errors: "no_scope", "sign_in", "admin_only".
func (s *Server) administrator(w http.ResponseWriter, r *http.Request) (auth.Identity, error) {
	id, err := s.who(w, r, auth.ScopeNone)
	switch {
	case err != nil:
	case id.Account == nil:
		err = codecollab.Errorf(codecollab.Unknown, "sign_in", "Here one needs an account. Sign in first.")
	case !id.Account.Admin:
		err = codecollab.Errorf(codecollab.Forbidden, "admin_only", "Only an administrator of this installation may do that.")
	}
	return id, err
}

// adminStatus answers with how the installation does. With ?problems it says only what is wrong, for the banner.
func (s *Server) adminStatus(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.administrator(w, r); err != nil {
		return err
	}
	st := s.opt.Status(r.Context())
	if r.URL.Query().Has("problems") {
		answer.JSON(w, http.StatusOK, map[string]any{"problems": st.Problems})
		return nil
	}
	answer.JSON(w, http.StatusOK, st)
	return nil
}

// Reporter tells how an installation does.
type Reporter func(ctx context.Context) Status
