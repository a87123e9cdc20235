package wire

import (
	"encoding/json"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
)

// Payload is what an event says has happened: one of the types below.
type Payload interface {
	// Kind is the value of the field "kind".
	Kind() string
}

// payloads makes one empty value of every kind.
func payloads() []Payload {
	return []Payload{
		&Edit{}, &Create{}, &Rename{}, &Delete{}, &Language{}, &Title{}, &Settings{}, &Run{}, &Finish{}, &Person{}, &Chat{}, &Role{}, &Lock{}, &Access{}, &Hints{}, &Hint{},
	}
}

// Body holds a Payload, and reads and writes it as an object whose first field is "kind".
type Body struct{ Payload }

// MarshalJSON implements json.Marshaler.
func (b Body) MarshalJSON() ([]byte, error) {
	if b.Payload == nil {
		return []byte("null"), nil
	}
	return tagged("kind", b.Payload.Kind(), b.Payload)
}

// UnmarshalJSON implements json.Unmarshaler; an unknown kind is an error of code "bad_message".
func (b *Body) UnmarshalJSON(data []byte) error {
	var head struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return badMessage("body: %v", err)
	}
	for _, p := range payloads() {
		if p.Kind() == head.Kind {
			if err := json.Unmarshal(data, p); err != nil {
				return fieldError(head.Kind, err)
			}
			b.Payload = p
			return nil
		}
	}
	return badMessage("unknown kind %.40q", head.Kind)
}

// Edit changes the text of one or more files.
type Edit struct {
	Edits []FileEdit `json:"edits"` // at most one for each file
}

// FileEdit changes the text of one file.
type FileEdit struct {
	File    string       `json:"file"`
	Changes ot.ChangeSet `json:"changes"`
}

// Create adds a file. The client chooses the id (so that it can create and edit while offline); when the name is taken
// the server commits another one ("main (2).py").
type Create struct {
	File string `json:"file"` // [a-z0-9]{8,32}, never used before in this room
	Name string `json:"name"` // a relative path with / between its parts
	Text string `json:"text"`
}

// Rename gives a file another name.
type Rename struct {
	File string `json:"file"`
	Name string `json:"name"`
}

// Delete removes a file. Its text stays in the log.
type Delete struct {
	File string `json:"file"`
}

// Language sets the language that the room runs by default.
type Language struct {
	Language string `json:"language"` // an id of the catalogue, "python"
}

// Title is what people call the room. It needs not be unique, and says nothing about who may come in.
type Title struct {
	Title string `json:"title"` // one line of at most 80 characters; "": the room goes by its id again
}

// Settings are how everybody in the room sees and writes indentation; nobody's own choice, since it is in the text.
type Settings struct {
	TabWidth int    `json:"tab_width"`        // how many columns a tab takes, and a level of indentation by spaces: 1 to 8
	Indent   string `json:"indent,omitempty"` // "tabs" or "spaces"; absent: as each file has it, else as its language is used to
}

// Run asks for the files, as they are at this event's version, to be run. The event's version is the run's name.
type Run struct {
	File     string   `json:"file"`     // the program: the file that is started
	Language string   `json:"language"` // an id of the catalogue
	Stdin    string   `json:"stdin,omitempty"`
	Args     []string `json:"args,omitempty"`
	// Terminal asks for a terminal of that size, into which people type while the program runs; Stdin is not used then.
	// Absent: the program gets Stdin and the end of it.
	Terminal *Size `json:"terminal,omitempty"`
}

// Size is that of a terminal, in characters.
type Size struct {
	Rows int `json:"rows"`
	Cols int `json:"cols"`
}

// Finish tells how a run ended. Only the server writes it.
type Finish struct {
	Run     codecollab.Version `json:"run"`
	Stage   string             `json:"stage"`   // "compile" when the compiler refused, else "run"
	Outcome string             `json:"outcome"` // "exited", "signal", "timeout", "cpu", "memory", "output", "stopped" or "failed" (we did, not the program)
	Code    *int               `json:"code,omitempty"`
	Signal  string             `json:"signal,omitempty"`
	Message string             `json:"message,omitempty"` // in words: which limit, or what we failed at
	Wall    int64              `json:"wall"`              // ms
	CPU     int64              `json:"cpu"`               // ms
	Memory  int64              `json:"memory"`            // bytes at the peak
	Output  []Chunk            `json:"output"`            // head and tail, in order
	Omitted int64              `json:"omitted,omitempty"` // bytes left out between head and tail
	By      string             `json:"by,omitempty"`      // who stopped it
	// Files are what the program left, to be had from /api/v1/rooms/{room}/runs/{run}/files/{name}.
	Files   []RunFile `json:"files,omitempty"`
	Skipped []string  `json:"skipped,omitempty"` // what it left besides, each with the reason why it is not kept
}

// RunFile is a file that a program wrote. A room keeps so many bytes of them; the oldest go first.
type RunFile struct {
	Name string `json:"name"` // a relative path
	Type string `json:"type"` // its MIME type, "image/png"
	Size int64  `json:"size"` // bytes
}

// Chunk is a piece of a program's output. Omitted is set on the chunk before which bytes were left out.
type Chunk struct {
	// Stream is "stdout", "stderr" or "compile", or "typed": then Data is one or more person ids, each with a line feed, and
	// the last of them types the line on which the terminal's cursor is now. What is typed comes as output, if the terminal
	// shows it; the mark is made at the first key of a line, and when somebody else goes on with it.
	Stream  string `json:"stream"`
	Data    string `json:"data"`
	Omitted int64  `json:"omitted,omitempty"`
}

// Person tells the name and colour by which a person goes from here on. The server writes it before a person's first
// event and after each change, so that the log can be read without any other source.
type Person struct {
	Person string `json:"person"`
	Name   string `json:"name"`
	Color  int    `json:"color"`
	// Verified is set when the name is that of an account: nobody can take it by typing it.
	Verified bool `json:"verified,omitempty"`
}

// Chat is what a person says to all in the room. It is plain text and nothing else: what is between back quotes is code, by
// custom, and clients show all of it as text.
type Chat struct {
	Text string `json:"text"` // not blank, at most Limits.ChatUnits long; "" when it was so old that the server has forgotten it
}

// Role gives a person a role. The server writes it when somebody comes by a link (By is the person then), and when an owner
// says so (By is the owner). What is absent stays as it was.
type Role struct {
	Person string `json:"person"`
	Role   string `json:"role"` // "owner", "editor", "viewer" or "removed"; "": as it was
	// Run is what an owner says about the person's running programs: "yes" or "no", or "rule" for what holds for everybody.
	Run string `json:"run,omitempty"`
	// Mute is what an owner says about the person's talking: "yes" (nobody hears them) or "no".
	Mute string `json:"mute,omitempty"`
	// From is the guest that the person was before they signed in. What the guest was here, the person is from here on, and the
	// guest is nobody any more; Role says what that comes to.
	From string `json:"from,omitempty"`
}

// Lock leaves editing and running to the owners, until it is taken away. The server writes it for an owner.
type Lock struct {
	Locked bool `json:"locked"`
}

// Access says who may come in, and how. Rooms without such an event are open (all were, once): their name lets people in, as
// editors. New ones are closed by one of their first events. Whoever has written something before a room is closed stays an editor.
type Access struct {
	Closed bool `json:"closed"`
	// Visibility of a closed room: "invited" or "organisation"; absent: whoever has a link may come in.
	Visibility string `json:"visibility,omitempty"`
	Org        string `json:"org,omitempty"`       // the organisation that the room belongs to
	OrgName    string `json:"org_name,omitempty"`  // as it was called then
	OrgRole    string `json:"org_role,omitempty"`  // what its members are here when they come by the room's name: "editor" or "viewer"
	Waiting    bool   `json:"waiting,omitempty"`   // who comes by a link waits until an owner lets them in
	Passcode   bool   `json:"passcode,omitempty"`  // there is one (which is nowhere in the log)
	SignedIn   bool   `json:"signed_in,omitempty"` // guests do not come in
	Runners    string `json:"runners,omitempty"`   // who runs programs: "owners", or "named" ones only; absent: editors and owners
}

// Hints says whether hints may be asked for in the room. While there is no such event they may not. Only an owner writes it.
type Hints struct {
	On     bool `json:"on"`
	Level  int  `json:"level"`            // the highest that may be asked for: 1 a question, 2 the concept, 3 the place, 4 pseudo-code
	Models bool `json:"models,omitempty"` // whether code may leave for the models of this server; else hints stand on facts alone
	Share  bool `json:"share,omitempty"`  // whether askers may show their hints to all
	Ahead  bool `json:"ahead,omitempty"`  // whether hints are prepared when typing pauses, before anybody asks
}

// Hint is a hint that the person who asked for it shows to all. Only the server writes it.
type Hint struct {
	ID       string `json:"id"`
	Ask      string `json:"ask"` // what was asked for: "hint", "error", "explain" or "review"
	Level    int    `json:"level"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`      // from 1; absent: none, or the level does not show it
	LineText string `json:"line_text,omitempty"` // what stood there, so that the line is found again
	Category string `json:"category,omitempty"`  // the kind of fault
	Text     string `json:"text"`                // plain text; what is between back quotes is code
	Source   string `json:"source"`              // "grounded": from facts alone, or "model"
	Model    string `json:"model,omitempty"`
	Place    string `json:"place,omitempty"` // the host where the model runs
	Cached   bool   `json:"cached,omitempty"`
}

// Kind implements Payload.
func (*Edit) Kind() string { return "edit" }

// Kind implements Payload.
func (*Create) Kind() string { return "create" }

// Kind implements Payload.
func (*Rename) Kind() string { return "rename" }

// Kind implements Payload.
func (*Delete) Kind() string { return "delete" }

// Kind implements Payload.
func (*Language) Kind() string { return "language" }

// Kind implements Payload.
func (*Title) Kind() string { return "title" }

// Kind implements Payload.
func (*Settings) Kind() string { return "settings" }

// Kind implements Payload.
func (*Run) Kind() string { return "run" }

// Kind implements Payload.
func (*Finish) Kind() string { return "finish" }

// Kind implements Payload.
func (*Person) Kind() string { return "person" }

// Kind implements Payload.
func (*Chat) Kind() string { return "chat" }

// Kind implements Payload.
func (*Role) Kind() string { return "role" }

// Kind implements Payload.
func (*Lock) Kind() string { return "lock" }

// Kind implements Payload.
func (*Access) Kind() string { return "access" }

// Kind implements Payload.
func (*Hints) Kind() string { return "hints" }

// Kind implements Payload.
func (*Hint) Kind() string { return "hint" }
