package server

import (
	"context"
	"net/http"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/room"
)

// OrgRooms knows the rooms of organisations.
type OrgRooms interface {
	// SetOrg says which organisation a room belongs to; "" is none.
	SetOrg(ctx context.Context, room, org string) error
	// OrgRooms returns the rooms of an organisation, at most so many, the last changed first.
	OrgRooms(ctx context.Context, org string, most int) ([]room.Listed, error)
}

// orgRooms lists the rooms of an organisation, for those who administer it.
func (s *Server) orgRooms(w http.ResponseWriter, r *http.Request) error {
	id, err := s.who(w, r, auth.ScopeNone)
	if err != nil {
		return err
	}
	org := r.PathValue("org")
	m, err := s.membership(r.Context(), id, org)
	if err != nil {
		return err
	}
	if !administers(id, m) {
		return codecollab.Errorf(codecollab.Forbidden, "owner_only", "Only administrators of an organisation see the list of its rooms.")
	}
	rooms, err := s.opt.OrgRooms.OrgRooms(r.Context(), org, mostVisited)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"rooms": rooms})
	return nil
}

// takeOver makes an administrator of the room's organisation an owner of it.
func (s *Server) takeOver(w http.ResponseWriter, r *http.Request) error {
	id, by := r.PathValue("room"), whoOf(r)
	err := s.opt.Rooms.Use(r.Context(), id, func(rm *room.Room) error {
		detail := map[string]string{"person": by.person, "role": "owner", "by": "organisation"}
		return s.noted(rm.TakeOver(r.Context(), by.visitor), r, rm.Access().Org, auth.ActRoleGiven, detail)
	})
	if err != nil {
		return err
	}
	s.visited(r.Context(), id, by.person, "owner")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// noted writes into the audit log what was done with a room: into its organisation's, or the installation's when it has none and
// the settings want that, too. It returns err.
func (s *Server) noted(err error, r *http.Request, org, action string, detail map[string]string) error {
	s.noteRoom(r, whoOf(r).id, org, r.PathValue("room"), action, err, detail)
	return err
}

func (s *Server) noteRoom(r *http.Request, by auth.Identity, org, roomID, action string, err error, detail map[string]string) {
	if org == "" && !s.opt.AuditRooms {
		return
	}
	e := auth.Entry{Org: org, Person: by.Person, Action: action, Target: roomID, Outcome: auth.OK, Detail: detail}
	if by.Account != nil {
		e.Name = by.Account.Name
	}
	if err != nil {
		e.Outcome = codecollab.CodeOf(err)
	}
	s.opt.Gate.Note(r, e)
}

// orgOf is the organisation that a room belongs to, for the audit log; "" when there is none, or no such room.
func (s *Server) orgOf(r *http.Request) (org string) {
	_ = s.opt.Rooms.Use(r.Context(), r.PathValue("room"), func(rm *room.Room) error { org = rm.Access().Org; return nil }) // no room, no organisation
	return org
}
