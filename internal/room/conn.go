package room

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

// Conn is one connection of one person to a room: a cursor into the room's tail and a place among the people.
type Conn struct {
	room    *Room
	author  Author
	session string
	cursor  int64         // guarded by room.mu
	ended   chan struct{} // closed when the room has put the connection out
	why     error         // then, guarded by room.mu: nil when a newer connection of the same client id has taken over
	owed    []byte        // a frame for this connection alone, guarded by room.mu
	since   int64         // when it came, ms since the Unix epoch
	knocks  bool          // the last one told of people who wait
	reached mark          // of the last Read; for its goroutine alone
}

// Visitor is who wants to come in, as the server knows them.
type Visitor struct {
	Person  string
	Session string
	Name    string   // of their account; "": a guest, who goes by the name that they like
	Former  []string // the guests that they were before they signed in
	Coming  rights.Coming
	LinkErr error                  // what is wrong with the link that they came by
	Keys    map[rights.Role]string // of the links that work, for the address of the page
}

func (v Visitor) author() Author {
	return Author{Person: v.Person, Name: v.Name, Verified: v.Name != "", former: v.Former, coming: v.Coming}
}

// introduce gives the author the name and the look that a client asks for; people with an account keep its name.
func (a *Author) introduce(v Visitor, m *wire.Join) {
	a.Client, a.Color = m.Client, cleanColor(m.Color)
	if a.Name = cleanPersonName(v.Name); v.Name == "" {
		a.Name = cleanPersonName(m.Name)
	}
}

// Joined is what a new connection is to be sent first.
type Joined struct {
	Conn  *Conn
	First [][]byte // frames
}

// Join adds a connection. The visitor comes from the server, the rest from the client's own message. Who comes by a link is a
// member from then on.
//
// Errors: "bad_protocol", "old_server", "bad_id", "client_taken", "room_full", those of rights.May, or the visitor's LinkErr.
func (r *Room) Join(ctx context.Context, v Visitor, m *wire.Join, build string, heartbeatMS int) (*Joined, error) {
	protocol, err := wire.Spoken().Agree(m)
	if err != nil {
		return nil, err
	}
	if !validID(m.Client) {
		return nil, codecollab.Errorf(codecollab.Invalid, "bad_id", "A client id has 8 to 32 of a–z and 0–9; %.40q has not.", m.Client)
	}
	c := &Conn{
		room: r, session: v.Session, ended: make(chan struct{}), author: v.author(),
	}
	c.author.introduce(v, m)
	if err := tolerated(r.Inherit(ctx, v)); err != nil {
		return nil, err
	}
	if err := r.admit(ctx, c.author); err != nil {
		return nil, err
	}
	at, err := r.enter(c)
	if codecollab.CodeOf(err) == "no_access" && v.LinkErr != nil {
		return nil, v.LinkErr
	}
	if err != nil {
		return nil, err
	}
	first, err := r.firstFrames(ctx, m, at, r.welcome(v, at, protocol, build, heartbeatMS))
	if err != nil {
		c.Leave()
		return nil, err
	}
	return &Joined{Conn: c, First: first}, nil
}

// colors is the size of the palette.
const colors = 12

func cleanColor(c int) int { return ((c % colors) + colors) % colors }

// admit makes a member of whoever comes by a link. While nothing can be written the link alone counts.
func (r *Room) admit(ctx context.Context, a Author) error {
	r.mu.Lock()
	again := r.state.earns(a) == rights.None
	r.mu.Unlock()
	if again {
		return nil
	}
	_, err := r.append(ctx, func(d *draft) error { return d.enters(a) })
	return tolerated(err)
}

// tolerated leaves out that nothing can be written now: it keeps nobody from reading.
func tolerated(err error) error {
	if e, ok := errors.AsType[*codecollab.Error](err); ok && e.Kind == codecollab.Unavailable {
		return nil
	}
	return err
}

// moment is what a joiner is told of, taken at one instant together with the cursor.
type moment struct {
	state    *State
	people   []wire.Peer
	live     []wire.Live
	writable wire.Writable
	resent   Client // what the log knows of this client id
}

// enter puts a connection into the room and notes the instant.
func (r *Room) enter(c *Conn) (moment, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deleted {
		return moment{}, errDeleted()
	}
	if err := r.state.may(c.author, rights.Read); err != nil {
		return moment{}, err
	}
	known := r.state.Clients[c.author.Client]
	if known.Person != "" && !c.author.owns(known.Person) {
		return moment{}, errClientTaken(c.author.Client)
	}
	c.since = r.opt.Now().UnixMilli()
	if err := r.replace(c.author, c.since); err != nil {
		return moment{}, err
	}
	if r.connected() >= r.opt.MaxPeople {
		return moment{}, codecollab.Errorf(codecollab.Limit, "room_full",
			"This room has %d people, and no room may have more. Try again when somebody has left.", r.opt.MaxPeople)
	}
	r.conns[c] = struct{}{}
	c.cursor = r.tail.end()
	peer := &wire.Peer{
		Session: c.session, Client: c.author.Client, Person: c.author.Person, Name: c.author.Name, Color: c.author.Color, Verified: c.author.Verified,
	}
	if r.state.RoleOf(c.author.Person) == rights.None {
		peer.Role = string(r.state.standing(c.author).As())
	}
	r.presence.peers[c] = peer
	r.touch(c)
	r.tellKnocksTo(c)
	return moment{
		state: r.state.Clone(), people: r.presence.all(), live: r.liveNow(), writable: r.writable, resent: known,
	}, nil
}

// replace ends older connections of an author's client id, here and on other nodes. The caller holds mu.
func (r *Room) replace(a Author, now int64) (err error) {
	r.eachOther(func(peer *wire.Peer) {
		if peer.Client == a.Client && !a.owns(peer.Person) {
			err = errClientTaken(a.Client)
		}
	})
	for c := range r.conns {
		if c.author.Client == a.Client && !a.owns(c.author.Person) {
			err = errClientTaken(a.Client)
		}
	}
	if err != nil {
		return err
	}
	for c := range r.conns {
		if c.author.Client == a.Client {
			r.end(c, nil)
		}
	}
	r.forgetClient(a.Client)
	r.tell(&note{Took: &tookNote{Client: a.Client, People: append([]string{a.Person}, a.former...), At: now}})
	return nil
}

// welcome is the answer to a join, without a snapshot.
func (r *Room) welcome(v Visitor, at moment, protocol int, build string, heartbeatMS int) *wire.Joined {
	role := at.state.standing(v.author()).As()
	key := role
	if key == rights.Owner {
		key = rights.Editor
	}
	if at.state.Access.Visibility == string(rights.Invited) {
		key = rights.None // links open nothing here
	}
	return &wire.Joined{
		Protocol: protocol, Server: build, Room: r.id, Person: v.Person, Role: string(role), Key: v.Keys[key],
		Session: v.Session, Version: at.state.Version, Seq: at.resent.Seq, Live: at.live,
		Heartbeat: heartbeatMS, Limits: r.opt.Limits, Writable: at.writable,
	}
}

// firstFrames are joined, what the client is missing, and everyone's presence.
func (r *Room) firstFrames(ctx context.Context, m *wire.Join, at moment, joined *wire.Joined) ([][]byte, error) {
	var missed [][]byte
	if m.Resume == nil || *m.Resume > at.state.Version || *m.Resume < 0 {
		joined.Snapshot = r.remembered(at.state).Wire()
	} else {
		var err error
		if missed, err = r.missed(ctx, *m.Resume, m.Seq, at); err != nil {
			return nil, err
		}
	}
	head, err := wire.Marshal(joined)
	if err != nil {
		return nil, err
	}
	people, err := wire.Marshal(&wire.Presence{Version: at.state.Version, All: true, People: at.people})
	if err != nil {
		return nil, err
	}
	return slices.Concat([][]byte{head}, missed, [][]byte{people}), nil
}

// missed encodes the events after a version: one by one, or past CatchupEvents composed. Up to the client's own batch in
// flight they always come one by one, since the server mapped that batch over them one by one.
func (r *Room) missed(ctx context.Context, after codecollab.Version, seq int64, at moment) ([][]byte, error) {
	head := at.state.Version
	single := head
	if head-after > int64(r.opt.CatchupEvents) {
		single = after
		if seq > 0 && at.resent.Seq >= seq {
			single = max(after, at.resent.Version)
		}
	}
	var frames [][]byte
	err := r.eachCommitted(ctx, after, single, func(e *wire.Event) error {
		frame, err := wire.Marshal(e)
		frames = append(frames, frame)
		return err
	})
	if err != nil || single == head {
		return frames, err
	}
	frame, err := r.catchup(ctx, single, head)
	return append(frames, frame), err
}

// catchup composes the edits in (from, to], file by file.
func (r *Room) catchup(ctx context.Context, from, to codecollab.Version) ([]byte, error) {
	m := &wire.Catchup{From: from, To: to, Events: []wire.Event{}, Edits: []wire.FileEdit{}}
	edits := map[string][]ot.ChangeSet{}
	err := r.eachCommitted(ctx, from, to, func(e *wire.Event) error {
		b, ok := e.Body.Payload.(*wire.Edit)
		if !ok {
			m.Events = append(m.Events, *e)
			return nil
		}
		for _, ed := range b.Edits {
			edits[ed.File] = append(edits[ed.File], ed.Changes)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, e := range m.Events {
		if d, ok := e.Body.Payload.(*wire.Delete); ok {
			delete(edits, d.File)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(edits)) {
		all, err := ot.ComposeAll(edits[file])
		if err != nil {
			return nil, fmt.Errorf("room: composing %s: %w", file, err)
		}
		m.Edits = append(m.Edits, wire.FileEdit{File: file, Changes: all})
	}
	return wire.Marshal(m)
}

// Author says who this connection is.
func (c *Conn) Author() Author {
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	return c.author
}

// Ended is closed when the room has put the connection out; Why says why.
func (c *Conn) Ended() <-chan struct{} { return c.ended }

// Why says why the connection was put out: nil when a newer connection of the same client id has taken over.
func (c *Conn) Why() error {
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	return c.why
}

// end puts a connection out. The caller holds mu.
func (r *Room) end(c *Conn, why error) {
	if _, here := r.conns[c]; here {
		c.why = why
		close(c.ended)
		r.remove(c)
	}
}

// Read returns the next frames, about maxBytes of them, and what to wait for when there are none. ok is false when this
// connection has fallen further behind than the tail holds: it must close, and may resume by version.
func (c *Conn) Read(maxBytes int) (frames [][]byte, wait <-chan struct{}, ok bool) {
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	c.reached = mark{}
	if _, here := c.room.conns[c]; !here {
		return nil, nil, true // who was put out hears nothing more
	}
	before := c.cursor
	if frames, c.cursor, ok = c.room.tail.read(c.cursor, maxBytes); ok {
		c.reached = c.room.tail.between(before, c.cursor)
	}
	if c.owed != nil {
		frames, c.owed = append(frames, c.owed), nil
	}
	return frames, c.room.tail.grown, ok
}

// Leave takes the connection out of the room. It may be called more than once.
func (c *Conn) Leave() {
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	c.room.remove(c)
}

// remove takes a connection out. The caller holds mu.
func (r *Room) remove(c *Conn) {
	if _, here := r.conns[c]; !here {
		return
	}
	delete(r.conns, c)
	delete(r.presence.peers, c)
	delete(r.presence.changed, c)
	r.presence.left = append(r.presence.left, c.session)
	if len(r.conns) == 0 {
		r.emptyFrom = r.opt.Now()
		if !r.follows() {
			r.presence.left = nil
			return
		}
	}
	r.tickSoon()
}

// SetProfile changes the person's name and colour from here on.
func (c *Conn) SetProfile(name string, color int) {
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	c.author.Color = cleanColor(color)
	if !c.author.Verified {
		c.author.Name = cleanPersonName(name)
	}
	if peer := c.room.presence.peers[c]; peer != nil {
		peer.Name, peer.Color = c.author.Name, c.author.Color
		c.room.touch(c)
	}
}

// SetPresence moves the person's caret, which is given in the coordinates of the text at m.Version.
func (c *Conn) SetPresence(m *wire.SetPresence) error {
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	peer := r.presence.peers[c]
	if peer == nil {
		return nil
	}
	if m.Version > r.state.Version {
		return codecollab.Errorf(codecollab.Invalid, "future_version",
			"The caret is at version %d, but this room is at version %d.", m.Version, r.state.Version)
	}
	r.touch(c)
	peer.Away, peer.Top = m.Away, max(0, m.Top)
	f := r.state.file(m.File)
	if f == nil {
		peer.File, peer.Anchor, peer.Head = "", 0, 0
		return nil
	}
	peer.File = m.File
	peer.Anchor, peer.Head = r.mapCaret(c.author.Client, m.File, m.Version, m.Anchor, m.Head)
	peer.Anchor, peer.Head = min(peer.Anchor, f.Text.Len()), min(peer.Head, f.Text.Len())
	return nil
}

// mapCaret brings a client's caret in a file from a version to the head. Events older than memory has are skipped: a caret that old is
// about to be replaced.
func (r *Room) mapCaret(client, file string, at codecollab.Version, anchor, head int) (int, int) {
	anchor, head = max(0, anchor), max(0, head)
	for i := len(r.recent) - 1; ; i-- {
		if i >= 0 && r.recent[i].Version > at {
			continue
		}
		for _, e := range r.recent[i+1:] {
			b, ok := e.Body.Payload.(*wire.Edit)
			if !ok {
				continue
			}
			for _, ed := range b.Edits {
				if ed.File == file && max(anchor, head) <= ed.Changes.Len() {
					assoc := -1
					if e.Client == client {
						assoc = 1
					}
					anchor, head = ed.Changes.MapPos(anchor, assoc), ed.Changes.MapPos(head, assoc)
				}
			}
		}
		return anchor, head
	}
}

// Check compares a client's hashes with the texts here. moved is true when the room is not at that version, so that
// nothing can be said.
func (c *Conn) Check(m *wire.Check) (diverged []string, moved bool) {
	c.room.mu.Lock()
	state, version := c.room.state.Clone(), c.room.state.Version
	c.room.mu.Unlock()
	if m.Version != version {
		return nil, true
	}
	diverged = []string{}
	for _, f := range state.Files {
		if h, ok := m.Files[f.ID]; ok && h != f.Text.Hash() {
			diverged = append(diverged, f.ID)
		}
	}
	return diverged, false
}

// Info is what may be told of a room to one who has not joined.
type Info struct {
	Version  codecollab.Version
	Language string
	Role     rights.Role
	Locked   bool
	Access   wire.Access
}

// Info tells what the room is to a visitor.
func (r *Room) Info(v Visitor) Info {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.state
	return Info{
		Version: s.Version, Language: s.Language, Role: s.standing(v.author()).As(), Locked: s.Locked, Access: s.Access,
	}
}
