// Package auth knows people: guests, accounts and how they sign in, their sessions and tokens, and the organisations they
// belong to. It decides; how a request carries a token is the matter of package gate, and where all this is kept that of the
// store. The ways to sign in have folders of their own below this one.
package auth

import (
	"crypto/sha256"
	"slices"
	"time"

	"codecollab.dev"
)

// Identity is who sends a request.
type Identity struct {
	Person  string    // the id by which they go in logs: an account's, or a guest's
	Account *Account  // nil for guests
	Session string    // the id of the session, "" for guests and for API tokens
	Since   time.Time // when the session began
	Via     string    // how the session came about: "password", "passkey", "setup", or a Connection's or provider's id
	Token   string    // the id of the API token, "" without one
	Scopes  []Scope   // what the API token is for; nil: everything that the person may do
	Former  []string  // the guests that the person was before they signed in: their rights are the person's
	Invited bool      // a guest where guests may only come into rooms by a link: they make none

	hash [sha256.Size]byte // of the token that was shown
}

// Has reports whether the request may be about something of this scope. Who may write in rooms may see them.
func (i Identity) Has(s Scope) bool {
	return i.Scopes == nil || slices.Contains(i.Scopes, s) || s == ScopeRead && slices.Contains(i.Scopes, ScopeRooms)
}

// Need refuses a request that is not about something of this scope. Error "no_scope".
func (i Identity) Need(s Scope) error {
	if i.Has(s) {
		return nil
	}
	if s == ScopeNone {
		return codecollab.Errorf(codecollab.Forbidden, "no_scope", "An API token cannot do that. Sign in with a browser.")
	}
	return codecollab.Errorf(codecollab.Forbidden, "no_scope",
		"This API token is not for that: it needs the scope %q. Make another token, or sign in again with that scope.", s)
}

// Scope is what an API token is good for.
type Scope string

// The scopes. What is not in one of them (sessions, tokens, organisations, the account itself) no API token can do.
const (
	ScopeRooms Scope = "rooms" // make rooms, see, write and talk in those of the person
	ScopeRead  Scope = "read"  // see the rooms of the person
	ScopeRun   Scope = "run"   // run programs there
	ScopeNone  Scope = ""      // no token is for that
)

// Account is a person who has signed in.
type Account struct {
	ID      string    `json:"id"` // "u…": it goes as the person's id in the logs of rooms
	Name    string    `json:"name"`
	Color   int       `json:"color"`  // an index into the palette; -1: not chosen
	Email   string    `json:"email"`  // lower case; "" when none is known
	Proven  bool      `json:"proven"` // somebody trusted has said that the address is theirs
	Admin   bool      `json:"admin"`  // administrator of this installation
	Active  bool      `json:"active"` // false: may not come in
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"` // the last sign-in
}

// Arrival is somebody whom a provider has vouched for.
type Arrival struct {
	Provider string // who vouches: an issuer's address, "github", or "connection:" and its id. With Subject it names the person
	Subject  string // never an e-mail address alone: those change hands
	Name     string
	Email    string
	Proven   bool      // the provider says that the address is theirs
	Org      string    // the organisation of the Connection; "" for a provider of the installation
	Role     OrgRole   // in that organisation, from the connection's mapping; "" leaves it
	Via      string    // for the session: the Connection's or provider's id
	Detail   string    // what the connection needs to end the session again (SAML: name id and index), opaque
	Until    time.Time // the session ends by then, whatever else; zero: no such bound
}

// Session is one browser that is signed in.
type Session struct {
	ID      string    `json:"id"`
	Account string    `json:"-"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`    // to some minutes
	Expires time.Time `json:"expires"` // moves on with use
	Until   time.Time `json:"until"`   // does not move
	Agent   string    `json:"agent"`   // of the browser, as it says of itself
	Address string    `json:"address"`
	Via     string    `json:"via"`
	Detail  string    `json:"-"`
}

// APIToken lets a program act for a person.
type APIToken struct {
	ID      string    `json:"id"`
	Account string    `json:"-"`
	Name    string    `json:"name"`
	Scopes  []Scope   `json:"scopes"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Expires time.Time `json:"expires"` // zero: never
}

// OrgRole is what a person is in an organisation.
type OrgRole string

// The roles of an organisation.
const (
	OrgOwner  OrgRole = "owner"  // everything: who else is an owner, and how people sign in
	OrgAdmin  OrgRole = "admin"  // members, audit; sees how people sign in
	OrgMember OrgRole = "member" // its rooms
)

// Better reports whether r may more than other.
func (r OrgRole) Better(other OrgRole) bool { return r.rank() > other.rank() }

func (r OrgRole) rank() int { return slices.Index([]OrgRole{OrgMember, OrgAdmin, OrgOwner}, r) }

// Org is an organisation.
type Org struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Enforced bool      `json:"enforced"` // its members sign in by its connection; only owners may do without
	Created  time.Time `json:"created"`
}

// Membership is a person's place in an organisation.
type Membership struct {
	Org     string  `json:"org"`
	OrgName string  `json:"orgName"`
	Account string  `json:"account"`
	Role    OrgRole `json:"role"`
	Source  string  `json:"source"` // who said so: "manual", "sso", "scim"
}

// Entry is a line of the audit log: who did what, when, from where.
type Entry struct {
	Seq     int64             `json:"seq"`
	At      time.Time         `json:"at"`
	Org     string            `json:"org,omitempty"` // whose log it belongs to; "" is the installation's
	Person  string            `json:"person,omitempty"`
	Name    string            `json:"name,omitempty"`   // as it was then
	Action  string            `json:"action"`           // "sign_in", "role_given" …: docs/audit.md lists them
	Target  string            `json:"target,omitempty"` // the person, room, connection … that it was done to
	Outcome string            `json:"outcome"`          // "ok", or the code of the error
	Address string            `json:"address,omitempty"`
	Agent   string            `json:"agent,omitempty"`
	Detail  map[string]string `json:"detail,omitempty"` // never a secret
}
