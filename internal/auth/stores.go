package auth

import (
	"context"
	"time"
)

// Accounts keep people. Errors: "no_account" where there is none.
type Accounts interface {
	Account(ctx context.Context, id string) (Account, error)
	// AccountBy finds the person that a provider calls by a name.
	AccountBy(ctx context.Context, provider, subject string) (Account, error)
	// AddAccount keeps a new person together with the name that a provider has for them. Error "taken": the name is somebody's.
	AddAccount(ctx context.Context, a Account, provider, subject string) error
	// ChangeAccount changes what is known about a person as nobody else does at the same time, and returns it as it is then.
	ChangeAccount(ctx context.Context, id string, change func(*Account) error) (Account, error)
}

// Identities keep what providers call people.
type Identities interface {
	// IdentitiesOf lists those of an account, the oldest first.
	IdentitiesOf(ctx context.Context, account string) ([]KnownAs, error)
	// AddIdentity gives an account one more. Errors: "taken": it is somebody's; "no_account".
	AddIdentity(ctx context.Context, account string, k KnownAs) error
	// EndIdentity takes one away from an account, if enough says that what stays is. enough hears of the identities that stay and how
	// many passkeys there are, and nobody else changes them meanwhile. Errors: "no_identity", and those of enough.
	EndIdentity(ctx context.Context, account, provider string, enough func(left []KnownAs, passkeys int) error) error
}

// Sessions keep who is signed in, by hashes of tokens.
type Sessions interface {
	// AddSession begins a session, and notes when its account was seen. Error "no_account": there is none that is active.
	AddSession(ctx context.Context, s Session, hash []byte) error
	// SessionBy finds a session and whose it is. Error "no_session".
	SessionBy(ctx context.Context, hash []byte) (Session, Account, error)
	// UseSession notes that a session is used, and until when it is good now.
	UseSession(ctx context.Context, id string, seen, expires time.Time) error
	// SessionsOf lists the sessions of an account, the one used last first.
	SessionsOf(ctx context.Context, account string) ([]Session, error)
	// EndSessions ends some sessions of an account, or all where none is named, and returns those that there were.
	EndSessions(ctx context.Context, account string, ids ...string) ([]string, error)
}

// Guests keep which guests have become which accounts.
type Guests interface {
	// Adopt makes a guest part of an account. false: the guest is part of one already.
	Adopt(ctx context.Context, guest, account string) (bool, error)
	// Adopted reports whether a guest is part of an account.
	Adopted(ctx context.Context, guest string) (bool, error)
	// Former lists the guests that an account once was.
	Former(ctx context.Context, account string) ([]string, error)
}

// Secrets keep the passwords of accounts, as hashes, by address.
type Secrets interface {
	// AddWithPassword keeps a new person who signs in by their address with a password. Error "taken".
	AddWithPassword(ctx context.Context, a Account, hash string) error
	// PasswordOf finds who signs in by an address, and the hash of their password; "" is none. Error "no_account".
	PasswordOf(ctx context.Context, email string) (Account, string, error)
	// SetPassword gives an account another password, and the address by which it signs in. Error "taken".
	SetPassword(ctx context.Context, account, email, hash string) error
	// HasAdmin reports whether there is an administrator who can come in.
	HasAdmin(ctx context.Context) (bool, error)
}

// Once is something that works once, and not for long. Who has it knows a token, of which the hash is kept.
type Once struct {
	Kind    string
	Account string // whom it is about; "" is nobody
	Data    string // JSON
	Expires time.Time
}

// Onces keep what works once. Error "no_once": there is none, or it is too old.
type Onces interface {
	PutOnce(ctx context.Context, o Once, hash []byte) error
	PeekOnce(ctx context.Context, kind string, hash []byte, now time.Time) (Once, error)
	// TakeOnce takes it away: of two who try at the same time, one gets it.
	TakeOnce(ctx context.Context, kind string, hash []byte, now time.Time) (Once, error)
	// AnswerOnce says of something that waits whom it is about. That can be said once.
	AnswerOnce(ctx context.Context, kind string, hash []byte, account, data string, now time.Time) error
	// DropOnces takes away all of a kind that are about an account.
	DropOnces(ctx context.Context, kind, account string) error
	// SweepOnces takes away what is too old, and the API tokens that are.
	SweepOnces(ctx context.Context, now time.Time) error
}

// Visits keep who has been in which room.
type Visits interface {
	// MoveVisits makes the rooms that one person has been in those of another.
	MoveVisits(ctx context.Context, from, to string) error
}

// Audit keeps what was done.
type Audit interface {
	Append(ctx context.Context, e Entry) error
}

// Store is all that a Desk keeps, but the visits.
type Store interface {
	Accounts
	Identities
	Secrets
	Onces
	Sessions
	Tokens
	Passkeys
	Guests
	Audit
	// Expired takes away the sessions whose time is over, and returns them.
	Expired(ctx context.Context, now time.Time) ([]Session, error)
}
