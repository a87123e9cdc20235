package wire

import "codecollab.dev"

func serverMessages() []Message {
	return []Message{
		&Event{}, &Presence{}, &Pong{}, &Output{}, &RunState{}, &Terminal{}, &Ack{}, &Joined{}, &Catchup{}, &Checked{},
		&Writable{}, &Brought{}, &Waiting{}, &Knocks{}, &Error{}, &Bye{},
		&VoiceWays{}, &VoiceAnswer{}, &VoiceRefused{}, &VoiceEnded{}, &VoicePeople{}, &VoiceSlots{}, &VoiceLevels{},
	}
}

// Joined answers Join. Exactly one of these follows: Snapshot is set and the client starts from it; or the events
// after the version it resumed from come as Event messages; or, when those are very many, as one Catchup.
type Joined struct {
	Protocol int    `json:"protocol"`
	Server   string `json:"server"` // build of the server; a page built from another one offers a reload
	Room     string `json:"room"`
	Person   string `json:"person"`
	Role     string `json:"role"` // "owner", "editor" or "viewer", at the moment of joining; Role events change it
	// Key is that of the link for people of this role, for the address of the page; absent when there is no such link.
	Key     string `json:"key,omitempty"`
	Session string `json:"session"` // this connection, as it appears in Presence
	// Version is the head of the log at the moment of joining.
	Version codecollab.Version `json:"version"`
	// Seq is the last batch of this client that is in the log; 0 when there is none.
	Seq       int64    `json:"seq"`
	Snapshot  *State   `json:"snapshot,omitempty"`
	Live      []Live   `json:"live,omitempty"` // output so far of runs that are still going on
	Heartbeat int      `json:"heartbeat"`      // ms without a message after which a client asks with Ping
	Limits    Limits   `json:"limits"`
	Writable  Writable `json:"writable"`
}

// Limits are what the server refuses beyond, so that an editor can say so first.
type Limits struct {
	BatchBytes int `json:"batch_bytes"` // one message
	FileUnits  int `json:"file_units"`  // one file's text, UTF-16 units
	Files      int `json:"files"`       // files in the room
	ChatUnits  int `json:"chat_units"`  // one chat message, UTF-16 units
}

// Event is one entry of the room's log, and the message that announces it. To its author it is the acknowledgement.
type Event struct {
	Version codecollab.Version `json:"version"`
	At      int64              `json:"at"`               // ms since the Unix epoch, the server's clock
	By      string             `json:"by,omitempty"`     // the person; absent for the server's own
	Client  string             `json:"client,omitempty"` // the author's client id and batch number
	Seq     int64              `json:"seq,omitempty"`
	Body    Body               `json:"body"`
}

// Catchup stands for many events at once: those after From, up to To. Apply Events first (none is an edit), then
// Edits, which are composed file by file. A client that gets it rebases all that it has unsent, the batch in flight
// included, over Edits and sends it with Base = To; the server has made sure that none of it is in the log.
type Catchup struct {
	From   codecollab.Version `json:"from"`
	To     codecollab.Version `json:"to"`
	Events []Event            `json:"events"`
	Edits  []FileEdit         `json:"edits"`
}

// Ack says that a batch sent again had been committed before, at Version.
type Ack struct {
	Seq     int64              `json:"seq"`
	Version codecollab.Version `json:"version"`
}

// Presence tells who is where: those who changed, and the sessions that left. Positions are in the coordinates of the
// text at Version, which is the version of the last event sent before it. The first one after Joined is complete.
type Presence struct {
	Version codecollab.Version `json:"version"`
	All     bool               `json:"all,omitempty"` // People is everybody: forget those not in it
	People  []Peer             `json:"people,omitempty"`
	Left    []string           `json:"left,omitempty"`
}

// Peer is one connection of one person.
type Peer struct {
	Session string `json:"session"`
	Client  string `json:"client"`
	Person  string `json:"person"`
	Name    string `json:"name"`
	Color   int    `json:"color"`
	File    string `json:"file,omitempty"`
	Anchor  int    `json:"anchor"`
	Head    int    `json:"head"`
	Away    bool   `json:"away,omitempty"`
	Top     int    `json:"top,omitempty"` // the first line that the person sees, from 1
	// Verified is set when the name is that of an account.
	Verified bool `json:"verified,omitempty"`
	// Role is what the person is here as a member of the room's organisation or while nothing can be written; absent for those
	// whose role is in the log.
	Role string `json:"role,omitempty"`
}

// Brought tells that somebody asks everybody to come to where they are.
type Brought struct {
	Session string `json:"session"` // as in Peer
}

// Waiting answers Join when an owner has to let the person in first. The connection stays open: Joined comes when an owner does,
// and a fatal Error when not.
type Waiting struct {
	Heartbeat int `json:"heartbeat"` // as in Joined
}

// Knocks tells an owner who is waiting to be let in: all of them, whenever that changes.
type Knocks struct {
	People []Knock `json:"people"` // the first to come first
}

// Knock is somebody who waits.
type Knock struct {
	Person   string `json:"person"`
	Name     string `json:"name"`
	Color    int    `json:"color"`
	Verified bool   `json:"verified,omitempty"` // they have signed in, and the name is that of their account
	Role     string `json:"role"`               // what the link gives that they came by
	Since    int64  `json:"since"`              // ms since the Unix epoch
}

// Output is a piece of what a running program prints. It is not in the log; the run's finish event keeps head and tail.
type Output struct {
	Run    codecollab.Version `json:"run"`
	Stream string             `json:"stream"` // as in Chunk
	Data   string             `json:"data"`
}

// Live is a run that is still going on, for one who joins.
type Live struct {
	Run      codecollab.Version `json:"run"`
	State    string             `json:"state"`
	Place    int                `json:"place,omitempty"`
	Attempt  int                `json:"attempt,omitempty"`  // as in RunState
	Output   []Chunk            `json:"output"`             // so far: head and newest tail
	Terminal *Size              `json:"terminal,omitempty"` // its size now
}

// RunState tells where a run is before it finishes.
type RunState struct {
	Run   codecollab.Version `json:"run"`
	State string             `json:"state"`           // "queued", "compiling", "running", or "waiting" for input
	Place int                `json:"place,omitempty"` // in the queue, from 1
	// Attempt is 2 when the first one failed without the program's fault. When it grows, the run begins anew: what it had
	// printed is void.
	Attempt int `json:"attempt,omitempty"`
}

// Terminal tells that the terminal of a run has another size.
type Terminal struct {
	Run  codecollab.Version `json:"run"`
	Rows int                `json:"rows"`
	Cols int                `json:"cols"`
}

// Writable tells whether the room takes edits. When it does not (a full disk), clients keep theirs and try again.
type Writable struct {
	OK     bool   `json:"ok"`
	Reason string `json:"reason,omitempty"`
}

// Checked answers Check: the files whose text differs at that version.
type Checked struct {
	Version  codecollab.Version `json:"version"`
	Diverged []string           `json:"diverged"`
}

// Error refuses something. Unless Fatal is set the connection goes on.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"` // for people
	// Seq is the batch that is refused; 0 when it is not about a batch or the batch was too large to be read (then
	// it is the one in flight).
	Seq   int64 `json:"seq,omitempty"`
	Retry bool  `json:"retry,omitempty"` // the same may succeed later: keep it and send it again
	Fatal bool  `json:"fatal,omitempty"` // the connection closes; without Retry do not come back by yourself
}

// Bye says that the server is about to close the connection for a reason of its own; come back after Retry ms.
type Bye struct {
	// Reason is "restart", "slow", "replaced", "signed_in": the guest has an account now, or "moving": another node goes on, at once.
	Reason string `json:"reason"`
	Retry  int    `json:"retry"`
}

// Pong answers Ping.
type Pong struct{}

// Type implements Message.
func (*Joined) Type() string { return "joined" }

// Type implements Message.
func (*Event) Type() string { return "event" }

// Type implements Message.
func (*Catchup) Type() string { return "catchup" }

// Type implements Message.
func (*Ack) Type() string { return "ack" }

// Type implements Message.
func (*Presence) Type() string { return "presence" }

// Type implements Message.
func (*Output) Type() string { return "output" }

// Type implements Message.
func (*RunState) Type() string { return "run" }

// Type implements Message.
func (*Terminal) Type() string { return "terminal" }

// Type implements Message.
func (*Writable) Type() string { return "writable" }

// Type implements Message.
func (*Brought) Type() string { return "bring" }

// Type implements Message.
func (*Waiting) Type() string { return "waiting" }

// Type implements Message.
func (*Knocks) Type() string { return "knocks" }

// Type implements Message.
func (*Checked) Type() string { return "checked" }

// Type implements Message.
func (*Error) Type() string { return "error" }

// Type implements Message.
func (*Bye) Type() string { return "bye" }

// Type implements Message.
func (*Pong) Type() string { return "pong" }
