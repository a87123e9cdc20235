package server

import (
	"net/http"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

func (s *Server) ready(w http.ResponseWriter, r *http.Request) error {
	if s.ctx.Err() != nil || s.leaving.Load() {
		return codecollab.Errorf(codecollab.Unavailable, "busy", "The server is stopping.")
	}
	if err := s.opt.Ready(r.Context()); err != nil {
		return &codecollab.Error{Kind: codecollab.Unavailable, Code: "busy", Message: "The server is not ready.", Err: err}
	}
	answer.Text(w, "ready")
	return nil
}

// createRoom makes a room that starts with the sample program of a language.
func (s *Server) createRoom(w http.ResponseWriter, r *http.Request) error {
	in := struct {
		Language string `json:"language"`
	}{Language: "python"}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	lang, err := s.findLanguage(in.Language)
	if err != nil {
		return err
	}
	by, err := s.who(w, r, auth.ScopeRooms)
	if err != nil {
		return err
	}
	if err := mayMake(by); err != nil {
		return err
	}
	id := newRoomID()
	owner := room.Author{Person: by.Person}
	file := wire.Create{File: newFileID(), Name: lang.File, Text: lang.Sample}
	if err := s.opt.Rooms.Create(r.Context(), id, owner, lang.ID, file, true); err != nil {
		return err
	}
	keys, err := s.makeLinks(r.Context(), id)
	if err != nil {
		return err
	}
	s.visited(r.Context(), id, owner.Person, "owner")
	s.noteRoom(r, by, "", id, auth.ActRoomMade, nil, map[string]string{"language": lang.ID})
	w.Header().Set("Location", "/r/"+id)
	answer.JSON(w, http.StatusCreated, map[string]any{"room": id, "key": keys[rights.Editor], "links": linksAnswer(id, keys)})
	return nil
}

func (s *Server) getRoom(w http.ResponseWriter, r *http.Request) error {
	id, by := r.PathValue("room"), whoOf(r)
	return s.opt.Rooms.Use(r.Context(), id, func(rm *room.Room) error {
		info := rm.Info(by.visitor)
		answer.JSON(w, http.StatusOK, map[string]any{
			"room": id, "role": info.Role, "version": info.Version, "language": info.Language, "locked": info.Locked, "closed": info.Access.Closed, "access": info.Access,
		})
		return nil
	})
}
