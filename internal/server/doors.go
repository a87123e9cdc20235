package server

import (
	"context"
	"net/http"
	"net/mail"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// Doors keeps what opens rooms beside links.
type Doors interface {
	// Passcode returns the hash of a room's passcode; "" when there is none.
	Passcode(ctx context.Context, room string) (sealed string, err error)
	// SetPasscode gives a room another passcode, or none. Nobody knows it yet but those who are named.
	SetPasscode(ctx context.Context, room, sealed string, passed []string) error
	// Pass notes that a person knows the room's passcode; Passed reports whether one of these people does.
	Pass(ctx context.Context, room, person string) error
	Passed(ctx context.Context, room string, people []string) (bool, error)

	// Invite lets somebody in as something; with None, no longer.
	Invite(ctx context.Context, room, who string, role rights.Role) error
	Invitations(ctx context.Context, room string) ([]room.Invitation, error)
	// Invited says as what one of these names is invited; None when it is not.
	Invited(ctx context.Context, room string, who []string) (rights.Role, error)
}

// Hasher makes hashes of passcodes that cannot be turned back, and compares them.
type Hasher interface {
	Hash(ctx context.Context, secret string) (hash string, err error)
	// Verify reports whether a secret is the one of a hash. Error "busy".
	Verify(ctx context.Context, hash, secret string) (ok, stale bool, err error)
}

const (
	passcodeLeast = 4 // characters
	passcodeMost  = 100
	whoMost       = 254 // of an e-mail address (RFC 5321)
	invitedMost   = 500 // in one room
)

// setPasscode gives the room a passcode, or takes it away. Those who are here know it.
func (s *Server) setPasscode(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Passcode string `json:"passcode"`
	}
	return s.manage(w, r, &in, func(rm *room.Room, by string) error {
		if in.Passcode == "" {
			err := rm.SetAccess(r.Context(), by, func(a *wire.Access) { a.Passcode = false })
			if err := s.noted(err, r, rm.Access().Org, auth.ActPasscodeSet, map[string]string{"on": "false"}); err != nil {
				return err
			}
			return s.opt.Doors.SetPasscode(r.Context(), rm.ID(), "", nil)
		}
		if n := utf8.RuneCountInString(in.Passcode); n < passcodeLeast || n > passcodeMost {
			return codecollab.Errorf(codecollab.Invalid, "bad_passcode", "A passcode has %d to %d characters, not %d.", passcodeLeast, passcodeMost, n)
		}
		sealed, err := s.opt.Hasher.Hash(r.Context(), in.Passcode)
		if err != nil {
			return err
		}
		if err := s.opt.Doors.SetPasscode(r.Context(), rm.ID(), sealed, rm.PassAll()); err != nil {
			return err
		}
		err = rm.SetAccess(r.Context(), by, func(a *wire.Access) { a.Closed, a.Passcode = true, true })
		return s.noted(err, r, rm.Access().Org, auth.ActPasscodeSet, map[string]string{"on": "true"})
	})
}

// tryPasscode takes a passcode from somebody who may come in with it. Errors: "wrong_passcode", "too_many_tries".
func (s *Server) tryPasscode(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Passcode string `json:"passcode"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	id, by := r.PathValue("room"), whoOf(r)
	if !s.tries.allow(id, by.person) {
		return codecollab.Errorf(codecollab.Limit, "too_many_tries", "Too many wrong passcodes. Wait a minute, and try again.")
	}
	sealed, err := s.opt.Doors.Passcode(r.Context(), id)
	if err != nil {
		return err
	}
	if sealed != "" {
		fits, _, err := s.opt.Hasher.Verify(r.Context(), sealed, in.Passcode)
		if err != nil {
			return err
		}
		if !fits {
			return codecollab.Errorf(codecollab.Forbidden, "wrong_passcode", "This is not the passcode of this room.")
		}
		if err := s.opt.Doors.Pass(r.Context(), id, by.person); err != nil {
			return err
		}
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// answerKnock lets somebody who waits in, or refuses them.
func (s *Server) answerKnock(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Admit bool `json:"admit"`
	}
	return s.manage(w, r, &in, func(rm *room.Room, by string) error {
		action, person := auth.ActVisitorTurns, r.PathValue("person")
		if in.Admit {
			action = auth.ActVisitorLet
		}
		return s.noted(rm.Answer(r.Context(), by, person, in.Admit), r, rm.Access().Org, action, map[string]string{"person": person})
	})
}

// invitations tells whom the room waits for.
func (s *Server) invitations(w http.ResponseWriter, r *http.Request) error {
	list, err := s.opt.Doors.Invitations(r.Context(), r.PathValue("room"))
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"invitations": list})
	return nil
}

// invite lets somebody in who signs in with an address, or has an account.
func (s *Server) invite(w http.ResponseWriter, r *http.Request) error {
	in := struct {
		Who  string      `json:"who"`
		Role rights.Role `json:"role"`
	}{Role: rights.Editor}
	return s.manage(w, r, &in, func(rm *room.Room, by string) error {
		who, err := cleanWho(in.Who)
		if err != nil {
			return err
		}
		if in.Role != rights.Editor && in.Role != rights.Viewer {
			return codecollab.Errorf(codecollab.Invalid, "bad_role", "People are invited as editor or viewer, not as %.20q.", in.Role)
		}
		known, err := s.opt.Doors.Invitations(r.Context(), rm.ID())
		if err != nil {
			return err
		}
		if len(known) >= invitedMost {
			return codecollab.Errorf(codecollab.Limit, "too_many_invitations",
				"%d people are invited who have not come yet, and no more may be. Take some of the invitations back.", len(known))
		}
		return s.opt.Doors.Invite(r.Context(), rm.ID(), who, in.Role)
	})
}

// uninvite takes an invitation back. Who has come in already stays.
func (s *Server) uninvite(w http.ResponseWriter, r *http.Request) error {
	if err := s.opt.Doors.Invite(r.Context(), r.PathValue("room"), r.PathValue("who"), rights.None); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// cleanWho is an e-mail address as accounts have them, or the id of an account.
func cleanWho(who string) (string, error) {
	who = strings.ToLower(strings.TrimSpace(who))
	if strings.HasPrefix(who, "u") && len(who) <= 32 && strings.Trim(who, "abcdefghijklmnopqrstuvwxyz0123456789") == "" {
		return who, nil
	}
	a, err := mail.ParseAddress(who)
	if err != nil || a.Address != who || len(who) > whoMost {
		return "", codecollab.Errorf(codecollab.Invalid, "bad_address", "%.60q is neither an e-mail address nor the id of an account.", who)
	}
	return who, nil
}

// settled takes an invitation off the list that has done what it was for.
func (s *Server) settled(ctx context.Context, roomID string, id auth.Identity, v room.Visitor) {
	if id.Account == nil || v.Coming.Invited == rights.None {
		return
	}
	for _, name := range namesOf(id.Account) {
		if err := s.opt.Doors.Invite(ctx, roomID, name, rights.None); err != nil {
			s.opt.Log.WarnContext(ctx, "invitation not taken off the list", "room", roomID, "err", err)
		}
	}
}

// tries counts how often passcodes were tried: few times for one person, and not for ever for many together, since guests
// cost nothing.
type tries struct {
	mu       sync.Mutex
	perMin   int // of one person
	limiters map[string]*rate.Limiter
}

// roomTries is how many people's tries a room takes.
const roomTries = 10

// triesKept bounds what is remembered: beyond it everybody begins anew.
const triesKept = 10_000

func newTries(perMinute int) *tries {
	return &tries{perMin: max(1, perMinute), limiters: map[string]*rate.Limiter{}}
}

func (t *tries) allow(roomID, person string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.limiters) > triesKept {
		clear(t.limiters)
	}
	return t.of(roomID+" "+person, t.perMin).Allow() && t.of(roomID, roomTries*t.perMin).Allow()
}

func (t *tries) of(key string, n int) *rate.Limiter {
	l := t.limiters[key]
	if l == nil {
		l = rate.NewLimiter(rate.Every(time.Minute/time.Duration(n)), n)
		t.limiters[key] = l
	}
	return l
}
