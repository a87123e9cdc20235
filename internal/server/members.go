package server

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// setMember gives a person a role, or says whether they run programs and whether they are heard.
func (s *Server) setMember(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Role rights.Role `json:"role"`
		Run  string      `json:"run"`
		Mute string      `json:"mute"`
	}
	return s.manage(w, r, &in, func(rm *room.Room, by string) error {
		person := r.PathValue("person")
		err := rm.SetMember(r.Context(), by, person, room.Say{Role: in.Role, Run: in.Run, Mute: in.Mute})
		detail := map[string]string{"person": person, "role": string(in.Role), "run": in.Run, "mute": in.Mute}
		if err := s.noted(err, r, rm.Access().Org, auth.ActRoleGiven, detail); err != nil {
			return err
		}
		return s.noteRole(r.Context(), r.PathValue("room"), person, in.Role)
	})
}

// noteRole keeps a person's own list of rooms true.
func (s *Server) noteRole(ctx context.Context, roomID, person string, role rights.Role) error {
	switch role {
	case rights.None:
		return nil
	case rights.Removed:
		return s.opt.Visits.ForgetVisit(ctx, roomID, person)
	}
	return s.opt.Visits.SetVisitRole(ctx, roomID, person, string(role))
}

// setLock leaves editing to the owners, or gives it back.
func (s *Server) setLock(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Locked bool `json:"locked"`
	}
	return s.manage(w, r, &in, func(rm *room.Room, by string) error {
		detail := map[string]string{"locked": strconv.FormatBool(in.Locked)}
		return s.noted(rm.SetLock(r.Context(), by, in.Locked), r, rm.Access().Org, auth.ActRoomLocked, detail)
	})
}

// opening is what a request says about who may come in. What it does not say stays.
type opening struct {
	Closed     *bool              `json:"closed"`
	Visibility *rights.Visibility `json:"visibility"`
	Org        *string            `json:"org"`
	OrgRole    *string            `json:"org_role"`
	Waiting    *bool              `json:"waiting"`
	SignedIn   *bool              `json:"signed_in"`
	Runners    *rights.Runners    `json:"runners"`
	orgName    string
}

// narrows reports whether the room cannot be one that opens by its name.
func (o opening) narrows() bool {
	return o.Visibility != nil && *o.Visibility != rights.Open || o.Waiting != nil && *o.Waiting || o.SignedIn != nil && *o.SignedIn || o.Org != nil && *o.Org != ""
}

// change makes the changes that were asked for.
func (o opening) change(a *wire.Access) {
	if o.Closed != nil {
		a.Closed = *o.Closed
	}
	a.Closed = a.Closed || o.narrows()
	if o.Visibility != nil {
		if a.Visibility = string(*o.Visibility); *o.Visibility == rights.Link || *o.Visibility == rights.Open {
			a.Visibility = ""
		}
	}
	set(&a.OrgRole, o.OrgRole)
	if o.Org != nil {
		if a.Org, a.OrgName = *o.Org, o.orgName; a.Org == "" {
			a.OrgRole = ""
		}
	}
	set(&a.Waiting, o.Waiting)
	set(&a.SignedIn, o.SignedIn)
	if o.Runners != nil {
		if a.Runners = string(*o.Runners); *o.Runners == rights.Editors {
			a.Runners = ""
		}
	}
}

// detail is the change as the audit log has it.
func (o opening) detail() map[string]string {
	d := map[string]string{}
	said(d, "closed", o.Closed)
	said(d, "visibility", o.Visibility)
	said(d, "org", o.Org)
	said(d, "org_role", o.OrgRole)
	said(d, "waiting", o.Waiting)
	said(d, "signed_in", o.SignedIn)
	said(d, "runners", o.Runners)
	return d
}

func said[T any](d map[string]string, name string, v *T) {
	if v != nil {
		d[name] = fmt.Sprint(*v)
	}
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// setAccess says who may come in. A room that opens by links has some.
func (s *Server) setAccess(w http.ResponseWriter, r *http.Request) error {
	var in opening
	return s.manage(w, r, &in, func(rm *room.Room, by string) error {
		before := rm.Access()
		if in.Org != nil && *in.Org != "" && *in.Org != before.Org {
			if err := s.joinOrg(r.Context(), whoOf(r).id, &in); err != nil {
				return err
			}
		}
		if err := s.needLinks(r.Context(), rm, in); err != nil {
			return err
		}
		err := rm.SetAccess(r.Context(), by, in.change)
		now := rm.Access()
		if err = s.noted(err, r, cmp.Or(now.Org, before.Org), auth.ActRoomAccess, in.detail()); err != nil || now.Org == before.Org {
			return err
		}
		return s.opt.OrgRooms.SetOrg(r.Context(), rm.ID(), now.Org)
	})
}

// joinOrg makes sure that a room goes to an organisation that its owner belongs to.
func (s *Server) joinOrg(ctx context.Context, by auth.Identity, in *opening) error {
	m, err := s.membership(ctx, by, *in.Org)
	if err == nil && m.Role == "" {
		err = codecollab.Errorf(codecollab.Forbidden, "not_member", "You are no member of this organisation, so you cannot give it a room.")
	}
	in.orgName = m.OrgName
	return err
}

// needLinks gives a room its links that is about to open by them and nothing else.
func (s *Server) needLinks(ctx context.Context, rm *room.Room, in opening) error {
	was := rm.Access()
	next := was
	in.change(&next)
	if !next.Closed || next.Visibility != "" || was.Closed && was.Visibility == "" {
		return nil
	}
	keys, err := s.opt.Keeper.Links(ctx, rm.ID())
	if err == nil && len(keys) == 0 {
		_, err = s.makeLinks(ctx, rm.ID())
	}
	return err
}

// manage does what only an owner may ask for: the room decides that again, when it appends.
func (s *Server) manage(w http.ResponseWriter, r *http.Request, in any, do func(rm *room.Room, by string) error) error {
	if err := answer.Read(w, r, in); err != nil {
		return err
	}
	err := s.opt.Rooms.Use(r.Context(), r.PathValue("room"), func(rm *room.Room) error { return do(rm, whoOf(r).person) })
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// deleteRoom ends a room, with everything in it.
func (s *Server) deleteRoom(w http.ResponseWriter, r *http.Request) error {
	id, by := r.PathValue("room"), whoOf(r)
	var org string
	err := s.opt.Rooms.Use(r.Context(), id, func(rm *room.Room) error {
		org = rm.Access().Org
		for _, run := range rm.Unfinished() {
			s.opt.Runs.Stop(id, run, by.person)
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = s.opt.Rooms.Delete(r.Context(), id, by.visitor, func() error { return s.opt.Keeper.DeleteRoom(r.Context(), id) })
	if err := s.noted(err, r, org, auth.ActRoomEnded, nil); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
