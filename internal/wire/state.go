package wire

import "codecollab.dev"

// State is the fold of a room's log up to Version, as a client needs it.
type State struct {
	Version  codecollab.Version `json:"version"`
	Language string             `json:"language"`
	Title    string             `json:"title,omitempty"`
	Settings *Settings          `json:"settings,omitempty"` // absent: nobody has chosen any
	Files    []File             `json:"files"`              // in the order of their creation
	People   []Person           `json:"people"`
	Runs     []RunRecord        `json:"runs"`           // the most recent, oldest first
	Chat     []ChatMessage      `json:"chat,omitempty"` // the most recent, oldest first
	// ChatMore says that there are older ones, to be had from /api/v1/rooms/{room}/chat.
	ChatMore bool         `json:"chat_more,omitempty"`
	Members  []Member     `json:"members,omitempty"` // by person id
	Locked   bool         `json:"locked,omitempty"`
	Closed   bool         `json:"closed,omitempty"` // false: whoever knows the room's name is an editor
	Access   *Access      `json:"access,omitempty"` // absent: nothing but Closed was ever said
	Hints    *Hints       `json:"hints,omitempty"`  // absent: hints are off
	Told     []HintRecord `json:"told,omitempty"`   // hints that were shown to all, the most recent, oldest first
}

// Member is a person with a role in the room.
type Member struct {
	Person string `json:"person"`
	Role   string `json:"role"` // as in Role
	// Given is set when an owner has given the role: no link changes it.
	Given bool `json:"given,omitempty"`
	// Run is "yes" or "no" when an owner has said something about the person's running programs.
	Run string `json:"run,omitempty"`
	// Muted is set when an owner does not want the person to be heard.
	Muted bool `json:"muted,omitempty"`
}

// HintRecord is a hint event as the room's state keeps it.
type HintRecord struct {
	Version codecollab.Version `json:"version"` // of the event
	At      int64              `json:"at"`      // ms since the Unix epoch
	By      string             `json:"by"`
	Hint    Hint               `json:"hint"`
}

// File is one file with its whole text.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Text string `json:"text"`
}

// RunRecord is a run, and how it ended once it has.
type RunRecord struct {
	Run     codecollab.Version `json:"run"` // the version of the event that asked for it
	At      int64              `json:"at"`  // ms since the Unix epoch
	By      string             `json:"by"`
	Request Run                `json:"request"`
	Finish  *Finish            `json:"finish,omitempty"`
}

// ChatMessage is a chat event as the room's state keeps it.
type ChatMessage struct {
	Version codecollab.Version `json:"version"` // of the event: its name
	At      int64              `json:"at"`      // ms since the Unix epoch
	By      string             `json:"by"`
	Text    string             `json:"text"`
}
