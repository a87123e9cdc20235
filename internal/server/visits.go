package server

import (
	"context"
	"net/http"

	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/room"
)

// Visits remember who has been in which room.
type Visits interface {
	// Visit notes that a person has been in a room, and as what.
	Visit(ctx context.Context, room, person, role string) error
	// SetVisitRole notes that a person who has been in a room is something else there now.
	SetVisitRole(ctx context.Context, room, person, role string) error
	// Visited returns the rooms that a person has been in, at most so many, the last one first.
	Visited(ctx context.Context, person string, most int) ([]room.Visited, error)
	// ForgetVisit takes a room off a person's list.
	ForgetVisit(ctx context.Context, room, person string) error
}

// mostVisited is how many rooms a list has: more than anybody looks through.
const mostVisited = 300

// myRooms lists the rooms that the person has been in.
func (s *Server) myRooms(w http.ResponseWriter, r *http.Request) error {
	by, err := s.who(w, r, auth.ScopeRead)
	if err != nil {
		return err
	}
	rooms, err := s.opt.Visits.Visited(r.Context(), by.Person, mostVisited)
	if err != nil {
		return err
	}
	if keep := s.opt.RoomKeep.Milliseconds(); keep > 0 {
		for i := range rooms {
			rooms[i].Ends = max(rooms[i].Last, rooms[i].Changed) + keep
		}
	}
	answer.JSON(w, http.StatusOK, map[string]any{"rooms": rooms})
	return nil
}

// forgetRoom takes a room off the person's list. The room, and what the person may do there, stay as they are.
func (s *Server) forgetRoom(w http.ResponseWriter, r *http.Request) error {
	by, err := s.who(w, r, auth.ScopeRooms)
	if err != nil {
		return err
	}
	if err := s.opt.Visits.ForgetVisit(r.Context(), r.PathValue("room"), by.Person); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// visited notes a visit. That it could not be noted (a full disk) is no reason to turn anybody away.
func (s *Server) visited(ctx context.Context, roomID, person, role string) {
	if err := s.opt.Visits.Visit(ctx, roomID, person, role); err != nil {
		s.opt.Log.WarnContext(ctx, "visit not noted", "room", roomID, "err", err)
	}
}
