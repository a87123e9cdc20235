package server

import (
	"context"
	"net/http"

	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/room"
)

// setMember gives a person a role.
func (s *Server) setMember(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Role rights.Role `json:"role"`
	}
	return s.manage(w, r, &in, func(rm *room.Room, by string) error {
		person := r.PathValue("person")
		if err := rm.SetRole(r.Context(), by, person, in.Role); err != nil {
			return err
		}
		return s.noteRole(r.Context(), r.PathValue("room"), person, in.Role)
	})
}

// noteRole keeps a person's own list of rooms true.
func (s *Server) noteRole(ctx context.Context, roomID, person string, role rights.Role) error {
	if role == rights.Removed {
		return s.opt.Visits.ForgetVisit(ctx, roomID, person)
	}
	return s.opt.Visits.SetVisitRole(ctx, roomID, person, string(role))
}

// setLock leaves editing to the owners, or gives it back.
func (s *Server) setLock(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Locked bool `json:"locked"`
	}
	return s.manage(w, r, &in, func(rm *room.Room, by string) error { return rm.SetLock(r.Context(), by, in.Locked) })
}

// setAccess says whether the room's name alone lets people in. A room that is closed has links.
func (s *Server) setAccess(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Closed bool `json:"closed"`
	}
	return s.manage(w, r, &in, func(rm *room.Room, by string) error {
		id := r.PathValue("room")
		keys, err := s.opt.Keeper.Links(r.Context(), id)
		if err != nil {
			return err
		}
		if in.Closed && len(keys) == 0 {
			if _, err := s.makeLinks(r.Context(), id); err != nil {
				return err
			}
		}
		return rm.SetClosed(r.Context(), by, in.Closed)
	})
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
	err := s.opt.Rooms.Use(r.Context(), id, func(rm *room.Room) error {
		for _, run := range rm.Unfinished() {
			s.opt.Runs.Stop(id, run, by.person)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.opt.Rooms.Delete(r.Context(), id, by.person, func() error { return s.opt.Keeper.DeleteRoom(r.Context(), id) }); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
