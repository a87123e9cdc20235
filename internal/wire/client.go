package wire

import "codecollab.dev"

// The messages of a client, in the order of their first use.
func clientMessages() []Message {
	return []Message{
		&Batch{}, &SetPresence{}, &Input{}, &Ping{}, &Check{}, &Stop{}, &Resize{}, &Bring{}, &Join{}, &Profile{},
		&VoiceAsk{}, &VoiceOffer{}, &VoiceMute{}, &VoiceLeave{},
	}
}

// Join is the first message on every connection. With Resume the server sends what came after that version, else a
// snapshot.
type Join struct {
	Protocol int    `json:"protocol"`         // the newest version that the client speaks
	Oldest   int    `json:"oldest,omitempty"` // and the oldest; 0: it speaks one only
	Client   string `json:"client"`           // this tab's id, [a-z0-9]{8,32}; kept with its unsent edits; ties are broken by it
	Name     string `json:"name"`
	Color    int    `json:"color"` // an index into the palette, 0 to 11
	// Key is the secret of the link by which the person comes: what follows the # in the address of the room's page. Not needed
	// by those who are members of the room already.
	Key string `json:"key,omitempty"`
	// Resume is the version that the client has; absent on a first join.
	Resume *codecollab.Version `json:"resume,omitempty"`
	// Seq is the batch that the client has in flight; 0 when there is none.
	Seq int64 `json:"seq,omitempty"`
}

// Batch asks for one event to be appended. It commits at most once for each (client, seq), so it may be sent again.
type Batch struct {
	Seq  int64              `json:"seq"`  // 1, 2, 3 … for each client
	Base codecollab.Version `json:"base"` // the version that the edits' positions speak of
	Body Body               `json:"body"` // edit, create, rename, delete, language, title, settings, run, chat or hints
}

// SetPresence says where this person's caret is. Positions are in the coordinates of the committed text at Version:
// the client maps its own unconfirmed edits out of them first.
type SetPresence struct {
	Version codecollab.Version `json:"version"`
	File    string             `json:"file,omitempty"` // absent: in no file
	Anchor  int                `json:"anchor"`
	Head    int                `json:"head"`
	Away    bool               `json:"away,omitempty"`
	Top     int                `json:"top,omitempty"` // the first line that the person sees, from 1; for those who follow
}

// Bring asks everybody to come to where this person is.
type Bring struct{}

// Profile changes the name or colour of this person.
type Profile struct {
	Name  string `json:"name"`
	Color int    `json:"color"`
}

// Stop ends a run, whatever stage it is in.
type Stop struct {
	Run codecollab.Version `json:"run"`
}

// Input is typed into the terminal of a run that goes on: the keys as a terminal sends them, so Return is "\r", Ctrl+C is
// "\u0003" and the end of input is "\u0004". Errors: "no_run", "input_full", "slow_down".
type Input struct {
	Run  codecollab.Version `json:"run"`
	Data string             `json:"data"` // at most 64 KiB of UTF-8
}

// Resize gives a run's terminal another size. Only the person who asked for the run is obeyed.
type Resize struct {
	Run  codecollab.Version `json:"run"`
	Rows int                `json:"rows"`
	Cols int                `json:"cols"`
}

// Check asks whether this client's texts are the server's. The server answers with Checked if it is at Version still,
// and otherwise not at all.
type Check struct {
	Version codecollab.Version `json:"version"`
	Files   map[string]uint32  `json:"files"` // file id to the FNV-1a hash of its UTF-16 code units, low byte first
}

// Ping asks for a Pong. A client that has heard nothing for a heartbeat sends one, and reconnects when no answer comes.
type Ping struct{}

// Type implements Message.
func (*Join) Type() string { return "join" }

// Type implements Message.
func (*Batch) Type() string { return "batch" }

// Type implements Message.
func (*SetPresence) Type() string { return "presence" }

// Type implements Message.
func (*Profile) Type() string { return "profile" }

// Type implements Message.
func (*Stop) Type() string { return "stop" }

// Type implements Message.
func (*Input) Type() string { return "input" }

// Type implements Message.
func (*Resize) Type() string { return "resize" }

// Type implements Message.
func (*Bring) Type() string { return "bring" }

// Type implements Message.
func (*Check) Type() string { return "check" }

// Type implements Message.
func (*Ping) Type() string { return "ping" }
