package auth

import "encoding/json"

// Connection is how an organisation's people sign in with its own identity provider.
type Connection struct {
	ID       string          `json:"id"`
	Org      string          `json:"org"`
	Kind     string          `json:"kind"` // "saml" or "oidc"
	Name     string          `json:"name"`
	Enabled  bool            `json:"enabled"`
	Settings json.RawMessage `json:"settings"` // of the kind: its package knows what is in it
}

// Step is one thing that was tried to find out whether something works.
type Step struct {
	Name   string `json:"name"` // "certificate", "metadata" …: pages have words for it
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`        // what was found
	Fix    string `json:"fix,omitempty"` // what to do about it
}
