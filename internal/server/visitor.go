package server

import (
	"context"
	"net/http"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/room"
)

// Orgs knows who belongs to which organisation.
type Orgs interface {
	// RoleIn is what an account is in an organisation; the zero value when it is nothing there.
	RoleIn(ctx context.Context, org, account string) (auth.Membership, error)
}

// who is the person of a request to a room, and all that is known of them there.
type who struct {
	id      auth.Identity
	person  string // as in id
	visitor room.Visitor
}

// whoKey is where a request's context has who sends it.
type whoKey struct{}

// whoOf is who sends a request about a room.
func whoOf(r *http.Request) who {
	by, _ := r.Context().Value(whoKey{}).(who)
	return by
}

// in lets a request about a room through to h if whoever sends it may do that there. Errors are those of rights.May,
// "link_revoked" and "no_room".
func (s *Server) in(do rights.Action, h answer.Handler) http.Handler {
	return s.handle(func(w http.ResponseWriter, r *http.Request) error {
		by, err := s.may(w, r, do)
		if err != nil {
			return err
		}
		return h(w, r.WithContext(context.WithValue(r.Context(), whoKey{}, by)))
	})
}

func (s *Server) may(w http.ResponseWriter, r *http.Request, do rights.Action) (by who, err error) {
	if by.id, err = s.who(w, r, scopeOf(do, r.Method)); err != nil {
		return by, err
	}
	by.person = by.id.Person
	err = s.opt.Rooms.Use(r.Context(), r.PathValue("room"), func(rm *room.Room) error {
		if by.visitor, err = s.visitor(r.Context(), rm, by.id, r.Header.Get(keyHeader)); err != nil {
			return err
		}
		if err := rm.Inherit(r.Context(), by.visitor); err != nil && !isReadOnly(err) {
			return err
		}
		return rm.May(by.visitor, do)
	})
	if wrong := by.visitor.LinkErr; wrong != nil && codecollab.CodeOf(err) == "no_access" {
		err = wrong
	}
	return by, err
}

func isReadOnly(err error) bool { return codecollab.CodeOf(err) == "read_only" }

// visitor is somebody as a room needs to know them. Nothing is asked for that would not matter there.
func (s *Server) visitor(ctx context.Context, rm *room.Room, id auth.Identity, key string) (v room.Visitor, err error) {
	v = room.Visitor{Person: id.Person, Former: id.Former}
	v.Coming.SignedIn = id.Account != nil
	if id.Account != nil {
		v.Name = id.Account.Name
	}
	if v.Coming.Link, v.LinkErr, err = s.linkOf(ctx, rm.ID(), key); err != nil {
		return v, err
	}
	access := rm.Access()
	if access.Passcode {
		if v.Coming.Passed, err = s.opt.Doors.Passed(ctx, rm.ID(), append([]string{id.Person}, id.Former...)); err != nil {
			return v, err
		}
	}
	if id.Account == nil {
		return v, nil
	}
	if v.Coming.Invited, err = s.opt.Doors.Invited(ctx, rm.ID(), namesOf(id.Account)); err != nil {
		return v, err
	}
	m, err := s.membership(ctx, id, access.Org)
	v.Coming.Member, v.Coming.Steward = m.Role != "", administers(id, m)
	return v, err
}

// membership is what somebody is in an organisation; the zero value when they are nothing there.
func (s *Server) membership(ctx context.Context, id auth.Identity, org string) (auth.Membership, error) {
	if org == "" || id.Account == nil {
		return auth.Membership{}, nil
	}
	return s.opt.Orgs.RoleIn(ctx, org, id.Person)
}

// administers reports whether somebody looks after the organisation of a membership. No API token can do that.
func administers(id auth.Identity, m auth.Membership) bool {
	return id.Token == "" && (m.Role == auth.OrgOwner || m.Role == auth.OrgAdmin)
}

// namesOf are the names by which somebody can be invited: an address only when it is known to be theirs.
func namesOf(a *auth.Account) []string {
	if a.Email != "" && a.Proven {
		return []string{a.ID, a.Email}
	}
	return []string{a.ID}
}
