package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/passkey"
	"codecollab.dev/internal/auth/password"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/gate"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/store/people"
)

// doorway is what decides who comes in.
type doorway struct {
	gate   *gate.Gate
	desk   *auth.Desk
	people *people.Store
}

// openDoor opens what is kept of people, and the door that lets them in.
func openDoor(ctx context.Context, s config.Settings, kept *stores, rooms *store.Store, limits *gate.Limits, keep *keeper, seen *watching, log *slog.Logger, done *closers) (*doorway, error) {
	public, err := publicURL(s.PublicURL)
	if err != nil {
		return nil, err
	}
	db, err := people.Open(ctx, kept.source, kept.conns.people)
	if err != nil {
		return nil, err
	}
	done.add(db.Close)
	shared := newSharedKeys(s, kept, db)
	sealer, err := shared.sealer(ctx)
	if err != nil {
		return nil, err
	}
	pair, err := shared.saml(ctx)
	if err != nil {
		return nil, err
	}
	keep.people = db
	done.add(background(keep.work))
	desk := newPeopleDesk(s, db, rooms, seen.noted, log)
	done.add(background(desk.Work))
	external, err := externalWays(s, sealer, db)
	if err != nil {
		return nil, err
	}
	federation := newSAML(s, pair, sealer, db)
	kinds := connectionKinds(external)
	kinds["saml"] = samlKind(federation.Service, public)
	orgs, provisioning := newOrgs(s, db, desk, sealer, kinds, log)
	stopChecking := every(time.Minute, func() {
		if _, err := keep.turns.take(ctx, "domains", func(ctx context.Context) { orgs.Recheck(ctx) }); err != nil && ctx.Err() == nil {
			log.Error("domains are not looked up", "err", err)
		}
	})
	done.add(func() error { stopChecking(); return nil })
	door, err := gate.New(gate.Options{
		Desk: desk, Limits: limits, Trail: db, Directory: db, Privacy: gate.Privacy{Kept: db, Rooms: keep}, Contact: s.SecurityContact, Companies: orgs, Invitations: orgs, Orgs: orgs, Scim: provisioning, Log: log,
		PublicURL: public, SecureCookies: s.SecureCookies, Guests: s.Guests, Passwords: s.Passwords,
		Passkeys: newPasskeys(s, desk, db), External: external, SAML: federation,
	})
	return &doorway{gate: door, desk: desk, people: db}, err
}

// What RFC 9106 recommends for argon2id where memory is bounded, beside the setting of the memory; and the sign-ins that may wait.
const (
	passwordPasses = 3
	passwordLanes  = 4
	passwordQueue  = 64
)

func newPeopleDesk(s config.Settings, db *people.Store, rooms auth.Visits, noted func(auth.Entry), log *slog.Logger) *auth.Desk {
	return auth.NewDesk(auth.DeskOptions{
		Store: db, Visits: rooms, SessionIdle: s.SessionIdle, SessionMax: s.SessionMax, Passwords: s.Passwords, PasswordMin: s.PasswordMin,
		Hasher:     newHasher(s, s.PasswordWorkers),
		TokensMost: s.TokensMost, TokenMax: s.TokenMax, ProgramToken: s.ProgramToken,
		Watch: noted, Log: log, Now: time.Now,
	})
}

// newPasskeys are those of this installation; nil where it has none.
func newPasskeys(s config.Settings, desk *auth.Desk, db *people.Store) *passkey.Keys {
	if s.Passkeys == "off" {
		return nil
	}
	return passkey.New(passkey.Options{Desk: desk, Store: db, Most: s.PasskeysMost})
}

func newHasher(s config.Settings, atOnce int) *password.Hasher {
	return password.New(password.Options{
		Memory: int(s.PasswordMemory >> 10), Passes: passwordPasses, Lanes: passwordLanes, AtOnce: atOnce, Queue: passwordQueue,
	})
}

// publicURL checks the address that people use. It is an origin: pages know no other place than the root of one.
func publicURL(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("public-url is %q, but has to be an address like https://code.example.org, without a path", text)
	}
	return u.Scheme + "://" + u.Host, nil
}
