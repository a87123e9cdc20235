package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"sync"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth/password"
)

// DeskOptions are what a Desk is made of. Every field must be set.
type DeskOptions struct {
	Store       Store
	Visits      Visits
	SessionIdle time.Duration // a session that is not used for so long ends
	SessionMax  time.Duration // and so does each by then, used or not
	Passwords   string        // "off", "invited", "open": who may make an account with a password
	PasswordMin int           // characters
	Hasher      *password.Hasher

	TokensMost   int           // API tokens of one account
	TokenMax     time.Duration // how long one lasts at most
	ProgramToken time.Duration // how long one lasts that a program was granted
	Watch        func(Entry)   // is told of all that goes into the audit log; nil: nobody is
	Log          *slog.Logger
	Now          func() time.Time
}

// Desk is where people show who they are. All that changes who may come in goes through it, so that what is remembered here
// and the connections that hang on it end in one place: see changed.
type Desk struct {
	opt   DeskOptions
	cache cache

	mu       sync.Mutex
	watchers []func(Ended)
	changes  []func(person string)
	tell     func(Change)         // nil: there are no other nodes
	believes func() time.Duration // nil: cacheFor
	orgs     Directory
}

// Directory is what organisations know of people who arrive by their connections.
type Directory interface {
	// Vouches reports whether the organisation may say whose an address is: providers of organisations say what they like.
	Vouches(ctx context.Context, org, email string) (bool, error)
	// Known finds the account of somebody who was described before they came for the first time, and notes what the provider calls them.
	Known(ctx context.Context, in Arrival) (account string, ok bool, err error)
}

// NewDesk makes a desk.
func NewDesk(opt DeskOptions) *Desk { return &Desk{opt: opt} }

// Now is the time by the desk's clock.
func (d *Desk) Now() time.Time { return d.opt.Now() }

// Ended tells that somebody, or something by which they were in, is not to be let in any more.
type Ended struct {
	Person   string   `json:"person"`           // whose connections are meant: an account, or a guest
	Sessions []string `json:"sessions"`         // of these sessions or API tokens alone; nil: all of the person
	Signed   bool     `json:"signed,omitempty"` // not out but in: a guest has signed in, and comes back as somebody else
}

// Change is that something about a person has changed, as nodes tell each other.
type Change struct {
	Person string `json:"person"`
	Ended  *Ended `json:"ended,omitempty"` // connections are closed
}

// Of reports whether it is about an identity.
func (e Ended) Of(id Identity) bool {
	if e.Person != id.Person {
		return false
	}
	if e.Sessions == nil {
		return true
	}
	for _, s := range e.Sessions {
		if s != "" && (s == id.Session || s == id.Token) {
			return true
		}
	}
	return false
}

// Watch has f called for everything that ends, before whoever ended it is answered. f must not wait for anything.
func (d *Desk) Watch(f func(Ended)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watchers = append(d.watchers, f)
}

// WatchChanges has f called for everybody about whom something has changed that may concern what they may do: a role in an
// organisation, say. "" is anybody: notes of other nodes may have been lost. f must not wait for anything.
func (d *Desk) WatchChanges(f func(person string)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.changes = append(d.changes, f)
}

// Forget drops what is remembered about a person: something about them has changed.
func (d *Desk) Forget(person string) { d.changed(person, nil) }

// changed is the one place from which it is told, here and to other nodes, that something about a person has changed. With ended,
// connections are closed.
func (d *Desk) changed(person string, ended *Ended) {
	c := Change{Person: person, Ended: ended}
	d.Heard(c)
	d.mu.Lock()
	tell := d.tell
	d.mu.Unlock()
	if tell != nil {
		tell(c)
	}
}

// Share makes the desk one of several: tell tells the others of a change, and may not wait; believe is how long a token is believed
// without a look at the store. See Heard and Missed.
func (d *Desk) Share(tell func(Change), believe func() time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tell, d.believes = tell, believe
}

// Heard takes a change that another node tells of.
func (d *Desk) Heard(c Change) {
	d.cache.forget(c.Person)
	watchers, changes := d.listeners()
	if c.Ended == nil {
		for _, f := range changes {
			f(c.Person)
		}
		return
	}
	for _, f := range watchers {
		f(*c.Ended)
	}
}

// Missed forgets everything that is remembered: changes that other nodes told of may have been lost.
func (d *Desk) Missed() {
	d.cache.forgetAll()
	_, changes := d.listeners()
	for _, f := range changes {
		f("")
	}
}

func (d *Desk) listeners() ([]func(Ended), []func(string)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.watchers, d.changes
}

// believe is how long a token is believed without a look at the store.
func (d *Desk) believe() time.Duration {
	d.mu.Lock()
	believes := d.believes
	d.mu.Unlock()
	if believes == nil {
		return cacheFor
	}
	return min(believes(), cacheFor)
}

// Identify says whose a token is. Without one, and for a guest's that has become part of an account, it is a new guest's:
// then token is what they are known by from now on. Error "signed_out": the session or API token does not count any more.
func (d *Desk) Identify(ctx context.Context, token string) (id Identity, fresh string, err error) {
	if IsSession(token) || IsAPIToken(token) {
		id, err = d.identify(ctx, token)
		return id, "", err
	}
	if g, ok := ParseToken(token); ok {
		id, err = d.guest(ctx, g)
		if err != nil || id.Person != "" {
			return id, "", err
		}
	}
	g := NewGuest()
	return Identity{Person: g.Person, hash: hashOf(g.Token())}, g.Token(), nil
}

// guest is the identity of a guest, with no person in it if they are part of an account.
func (d *Desk) guest(ctx context.Context, g Guest) (Identity, error) {
	hash := hashOf(g.Token())
	k, ok, ticket := d.cache.get(hash, d.opt.Now(), d.believe())
	if ok {
		return k.id, nil
	}
	adopted, err := d.opt.Store.Adopted(ctx, g.Person)
	if err != nil || adopted {
		return Identity{}, err
	}
	k = known{id: Identity{Person: g.Person, hash: hash}, read: d.opt.Now()}
	d.cache.put(hash, k, ticket)
	return k.id, nil
}

// identify finds a session or an API token.
func (d *Desk) identify(ctx context.Context, token string) (Identity, error) {
	hash, now := hashOf(token), d.opt.Now()
	k, ok, ticket := d.cache.get(hash, now, d.believe())
	if !ok {
		var err error
		if k, err = d.read(ctx, hash, IsAPIToken(token)); err != nil {
			return Identity{}, err
		}
		k.read = now
		d.cache.put(hash, k, ticket)
	}
	if !k.expires.IsZero() && !now.Before(k.expires) {
		return Identity{}, ErrSignedOut()
	}
	return k.id, d.use(ctx, k, ticket)
}

// read asks the store whose a token is.
func (d *Desk) read(ctx context.Context, hash [sha256.Size]byte, api bool) (known, error) {
	if api {
		return d.readToken(ctx, hash)
	}
	s, a, err := d.opt.Store.SessionBy(ctx, hash[:])
	if codecollab.CodeOf(err) == "no_session" || err == nil && !a.Active {
		return known{}, ErrSignedOut()
	}
	if err != nil {
		return known{}, err
	}
	former, err := d.opt.Store.Former(ctx, a.ID)
	if err != nil {
		return known{}, err
	}
	id := Identity{Person: a.ID, Account: &a, Session: s.ID, Since: s.Created, Via: s.Via, Former: former, hash: hash}
	return known{id: id, session: s, expires: s.Expires}, nil
}

// useEvery is how exactly it is known when a session was used last: that is a write, and most requests make none.
const useEvery = 5 * time.Minute

// use notes that a session is used, and moves its end on. That it cannot be noted (a full disk) turns nobody away.
func (d *Desk) use(ctx context.Context, k known, ticket int64) error {
	if k.id.Token != "" {
		d.useToken(ctx, k, ticket)
		return nil
	}
	s, now := k.session, d.opt.Now()
	if s.ID == "" || now.Sub(s.Seen) < min(useEvery, d.opt.SessionIdle/10) {
		return nil
	}
	s.Seen, s.Expires = now, earliest(now.Add(d.opt.SessionIdle), s.Until)
	if err := d.opt.Store.UseSession(ctx, s.ID, s.Seen, s.Expires); err != nil {
		d.opt.Log.Warn("the use of a session is not noted", "err", err)
		s.Expires = k.session.Expires // it is tried again in some minutes
	}
	k.session, k.expires = s, s.Expires
	d.cache.put(k.id.hash, k, ticket)
	return nil
}

// ErrSignedOut tells somebody that they have to sign in again.
func ErrSignedOut() error {
	return codecollab.Errorf(codecollab.Unknown, "signed_out", "You are signed out here: the session has ended. Sign in again.")
}

// Arrive finds the person whom a provider vouches for, by what the provider calls them, and makes their account when there is
// none. Error "account_closed".
func (d *Desk) Arrive(ctx context.Context, in Arrival) (Account, error) {
	if in.Provider == "" || in.Subject == "" {
		return Account{}, errors.New("auth: somebody arrives without a provider or a name there")
	}
	if d.orgs != nil && in.Org != "" && in.Proven {
		var err error
		if in.Proven, err = d.orgs.Vouches(ctx, in.Org, in.Email); err != nil {
			return Account{}, err
		}
	}
	a, err := d.opt.Store.AccountBy(ctx, in.Provider, in.Subject)
	if codecollab.CodeOf(err) == "no_account" {
		a, err = d.expected(ctx, in)
	}
	if codecollab.CodeOf(err) == "no_account" {
		return d.newAccount(ctx, in)
	}
	if err != nil {
		return Account{}, err
	}
	if !a.Active {
		return a, errClosed()
	}
	email := cleanEmail(in.Email)
	if email != "" && (a.Email != email || a.Proven != in.Proven) && (in.Proven || !a.Proven) {
		if own, err := d.isOwn(ctx, a, in); err != nil || !own {
			return a, err
		}
		return d.Change(ctx, a.ID, func(a *Account) error { a.Email, a.Proven = email, in.Proven; return nil })
	}
	return a, nil
}

// Consult has organisations asked about those who arrive by their connections. It is set before anybody does.
func (d *Desk) Consult(orgs Directory) { d.orgs = orgs }

// expected is the account of somebody who was described before they came. Error "no_account".
func (d *Desk) expected(ctx context.Context, in Arrival) (Account, error) {
	none := codecollab.Errorf(codecollab.NotFound, "no_account", "Nobody has been described by this name.")
	if d.orgs == nil || in.Org == "" {
		return Account{}, none
	}
	id, ok, err := d.orgs.Known(ctx, in)
	if err != nil {
		return Account{}, err
	}
	if !ok {
		return Account{}, none
	}
	return d.opt.Store.Account(ctx, id)
}

func (d *Desk) newAccount(ctx context.Context, in Arrival) (Account, error) {
	a := Account{
		ID: newID("u"), Name: CleanName(in.Name, in.Email), Color: -1, Email: cleanEmail(in.Email), Proven: in.Proven && in.Email != "",
		Active: true, Created: d.opt.Now(),
	}
	err := d.opt.Store.AddAccount(ctx, a, in.Provider, in.Subject)
	if codecollab.CodeOf(err) == "taken" { // the same person in two windows at once
		return d.opt.Store.AccountBy(ctx, in.Provider, in.Subject)
	}
	return a, err
}

func errClosed() error {
	return codecollab.Errorf(codecollab.Forbidden, "account_closed",
		"This account may not sign in here: an administrator has closed it. Ask them to open it again.")
}

// Account returns an account. Error "no_account".
func (d *Desk) Account(ctx context.Context, id string) (Account, error) {
	return d.opt.Store.Account(ctx, id)
}

// Find returns the account that a provider calls by a name. Error "no_account".
func (d *Desk) Find(ctx context.Context, provider, subject string) (Account, error) {
	return d.opt.Store.AccountBy(ctx, provider, subject)
}

// Change changes what is known about a person. Whoever is not active any more is put out.
func (d *Desk) Change(ctx context.Context, id string, change func(*Account) error) (Account, error) {
	a, err := d.opt.Store.ChangeAccount(ctx, id, change)
	if err != nil {
		return a, err
	}
	if !a.Active {
		return a, d.EndSessions(ctx, id)
	}
	d.changed(id, nil)
	return a, nil
}

// Note writes into the audit log. A line that cannot be written is logged instead: what it tells of has happened.
func (d *Desk) Note(ctx context.Context, e Entry) {
	if e.At.IsZero() {
		e.At = d.opt.Now()
	}
	if e.Outcome == "" {
		e.Outcome = "ok"
	}
	if d.opt.Watch != nil {
		d.opt.Watch(e)
	}
	if err := d.opt.Store.Append(context.WithoutCancel(ctx), e); err != nil {
		d.opt.Log.Error("the audit log takes nothing", "action", e.Action, "person", e.Person, "target", e.Target, "outcome", e.Outcome, "err", err)
	}
}

func earliest(a, b time.Time) time.Time {
	if b.IsZero() || a.Before(b) {
		return a
	}
	return b
}
