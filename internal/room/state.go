package room

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"codecollab.dev"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// State is the fold of a room's log: what the room is at Version. A State has one owner at a time; Clone makes another.
type State struct {
	Version  codecollab.Version
	Owner    string // the person of the first event
	Language string
	Title    string         // "": nobody has given it any
	Settings *wire.Settings // nil: nobody has chosen any
	Files    []File         // in the order of their creation
	// Gone are the ids of deleted files: they may not be used again.
	Gone    map[string]bool
	Clients map[string]Client
	People  map[string]wire.Person
	Members map[string]Member
	Locked  bool             // only owners edit
	Access  wire.Access      // who may come in
	Runs    []wire.RunRecord // the most recent, oldest first
	Chat    chat
	Hints   *wire.Hints       // nil: nobody has turned them on
	Told    []wire.HintRecord // the most recent, oldest first
}

// File is one file of the room. Text is a persistent value: copying a File is cheap.
type File struct {
	ID   string
	Name string
	Text text.Text
}

// Client is what the log says of one client id.
type Client struct {
	Person  string             `json:"person"`
	Seq     int64              `json:"seq"`     // the last committed batch
	Version codecollab.Version `json:"version"` // the event of that batch
}

func newState() *State {
	return &State{
		Gone: map[string]bool{}, Clients: map[string]Client{}, People: map[string]wire.Person{}, Members: map[string]Member{},
	}
}

// Clone copies the state; texts are shared, since they never change.
func (s *State) Clone() *State {
	c := *s
	c.Files = slices.Clone(s.Files)
	c.Runs = slices.Clone(s.Runs)
	c.Told = slices.Clone(s.Told)
	c.Chat.messages = slices.Clone(s.Chat.messages)
	c.Gone, c.Clients = maps.Clone(s.Gone), maps.Clone(s.Clients)
	c.People, c.Members = maps.Clone(s.People), maps.Clone(s.Members)
	return &c
}

// file finds a file by id; nil when there is none. The pointer is good until Files changes.
func (s *State) file(id string) *File {
	for i := range s.Files {
		if s.Files[i].ID == id {
			return &s.Files[i]
		}
	}
	return nil
}

// named reports whether a file other than except has the name.
func (s *State) named(name, except string) bool {
	return slices.ContainsFunc(s.Files, func(f File) bool { return f.Name == name && f.ID != except })
}

func (s *State) run(v codecollab.Version) *wire.RunRecord {
	for i := range s.Runs {
		if s.Runs[i].Run == v {
			return &s.Runs[i]
		}
	}
	return nil
}

// Apply folds one event in. It fails only when the event does not follow, or does not fit: then the log is damaged.
func (s *State) Apply(e *wire.Event) error {
	if e.Version != s.Version+1 {
		return fmt.Errorf("room: event %d after version %d", e.Version, s.Version)
	}
	if err := s.applyBody(e); err != nil {
		return fmt.Errorf("room: event %d: %w", e.Version, err)
	}
	if s.Owner == "" {
		s.Owner = e.By
	}
	if e.Client != "" {
		s.Clients[e.Client] = Client{Person: e.By, Seq: e.Seq, Version: e.Version}
	}
	s.Version = e.Version
	return nil
}

func (s *State) applyBody(e *wire.Event) error {
	switch b := e.Body.Payload.(type) {
	case *wire.Edit:
		return s.applyEdits(b.Edits)
	case *wire.Create:
		s.Files = append(s.Files, File{ID: b.File, Name: b.Name, Text: text.Of(b.Text)})
	case *wire.Rename:
		if f := s.file(b.File); f != nil {
			f.Name = b.Name
		}
	case *wire.Delete:
		s.Files = slices.DeleteFunc(s.Files, func(f File) bool { return f.ID == b.File })
		s.Gone[b.File] = true
	case *wire.Language:
		s.Language = b.Language
	case *wire.Title:
		s.Title = b.Title
	case *wire.Settings:
		s.Settings = b
	case *wire.Run:
		s.applyRun(e, b)
	case *wire.Finish:
		if r := s.run(b.Run); r != nil {
			r.Finish = b
		}
	case *wire.Chat:
		s.Chat.add(wire.ChatMessage{Version: e.Version, At: e.At, By: e.By, Text: b.Text})
	case *wire.Hints:
		s.Hints = b
	case *wire.Hint:
		s.applyHint(e, b)
	case *wire.Person:
		s.People[b.Person] = *b
	case *wire.Role:
		s.applyRole(e, b)
	case *wire.Lock:
		s.Locked = b.Locked
	case *wire.Access:
		s.applyAccess(b)
	default:
		return fmt.Errorf("unknown kind %T", b)
	}
	return nil
}

func (s *State) applyEdits(edits []wire.FileEdit) error {
	for _, ed := range edits {
		f := s.file(ed.File)
		if f == nil {
			return fmt.Errorf("no file %q", ed.File)
		}
		next, err := ed.Changes.Apply(f.Text)
		if err != nil {
			return err
		}
		f.Text = next
	}
	return nil
}

// applyRun forgets the oldest finished runs beyond recentRuns, and never an unfinished one.
func (s *State) applyRun(e *wire.Event, b *wire.Run) {
	s.Runs = append(s.Runs, wire.RunRecord{Run: e.Version, At: e.At, By: e.By, Request: *b})
	for len(s.Runs) > recentRuns {
		i := slices.IndexFunc(s.Runs, func(r wire.RunRecord) bool { return r.Finish != nil })
		if i < 0 {
			return
		}
		s.Runs = slices.Delete(s.Runs, i, i+1)
	}
}

// Wire is the state as clients get it.
func (s *State) Wire() *wire.State {
	w := &wire.State{
		Version: s.Version, Language: s.Language, Title: s.Title, Settings: s.Settings,
		Files: make([]wire.File, 0, len(s.Files)), People: make([]wire.Person, 0, len(s.People)),
		Runs: slices.Clone(s.Runs), Chat: slices.Clone(s.Chat.messages), ChatMore: s.Chat.more,
		Members: s.wireMembers(), Locked: s.Locked, Closed: s.Access.Closed, Access: s.wireAccess(),
		Hints: s.Hints, Told: slices.Clone(s.Told),
	}
	for _, f := range s.Files {
		w.Files = append(w.Files, wire.File{ID: f.ID, Name: f.Name, Text: f.Text.String()})
	}
	for _, id := range slices.Sorted(maps.Keys(s.People)) {
		w.People = append(w.People, s.People[id])
	}
	if w.Runs == nil {
		w.Runs = []wire.RunRecord{}
	}
	return w
}

// stored is a State in a Snapshot: what clients get, and what only the server needs.
type stored struct {
	*wire.State
	Owner   string            `json:"owner"`
	Gone    []string          `json:"gone,omitempty"`
	Clients map[string]Client `json:"clients"`
}

func (s *State) snapshot() (Snapshot, error) {
	data, err := json.Marshal(stored{
		State: s.Wire(), Owner: s.Owner, Gone: slices.Sorted(maps.Keys(s.Gone)), Clients: s.Clients,
	})
	return Snapshot{Version: s.Version, Data: data}, err
}

func restore(snap Snapshot) (*State, error) {
	s := newState()
	if snap.Version == 0 {
		return s, nil
	}
	var in stored
	if err := json.Unmarshal(snap.Data, &in); err != nil {
		return nil, fmt.Errorf("room: snapshot at %d: %w", snap.Version, err)
	}
	s.Version, s.Owner, s.Language, s.Runs = snap.Version, in.Owner, in.Language, in.Runs
	s.Title, s.Settings = in.Title, in.Settings
	s.Hints, s.Told = in.Hints, in.Told
	s.Chat = restoreChat(in.Chat, in.ChatMore)
	s.Locked, s.Access.Closed = in.Locked, in.Closed
	if in.Access != nil {
		s.Access = *in.Access
	}
	for _, f := range in.Files {
		s.Files = append(s.Files, File{ID: f.ID, Name: f.Name, Text: text.Of(f.Text)})
	}
	for _, p := range in.People {
		s.People[p.Person] = p
	}
	for _, m := range in.Members {
		s.Members[m.Person] = Member{Role: rights.Role(m.Role), Given: m.Given, Run: rights.Grant(m.Run), Muted: m.Muted}
	}
	for _, id := range in.Gone {
		s.Gone[id] = true
	}
	if in.Clients != nil {
		s.Clients = in.Clients
	}
	return s, nil
}
