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

// Keeper keeps what belongs to a room and is not in its log, and removes rooms.
type Keeper interface {
	// Link says what a link's key gives: None when there is no such link; ok is false for one that was revoked.
	Link(ctx context.Context, room, key string) (role rights.Role, ok bool, err error)
	// Links returns the keys that work, by role.
	Links(ctx context.Context, room string) (map[rights.Role]string, error)
	// SetLink gives a role's link another key, or none.
	SetLink(ctx context.Context, room string, role rights.Role, key string) error
	// DeleteRoom takes away all that is kept of a room.
	DeleteRoom(ctx context.Context, room string) error
}

// keyHeader is where a request carries the key of a link. (A query would be written into logs on its way.)
const keyHeader = "X-Room-Key"

// linkRoles are the roles that have a link.
func linkRoles() []rights.Role { return []rights.Role{rights.Editor, rights.Viewer} }

func newKey() string { return randomID(26) }

// linkOf finds out what a key gives; wrong is what to tell who is nothing without it.
func (s *Server) linkOf(ctx context.Context, roomID, key string) (role rights.Role, wrong, err error) {
	if key == "" {
		return rights.None, nil, nil
	}
	role, ok, err := s.opt.Keeper.Link(ctx, roomID, key)
	switch {
	case err != nil:
		return rights.None, nil, err
	case ok:
		return role, nil, nil
	case role != rights.None:
		return rights.None, codecollab.Errorf(codecollab.Forbidden, "link_revoked",
			"This link does not work any more: an owner of the room has replaced or revoked it. Ask for a new one."), nil
	}
	return rights.None, codecollab.Errorf(codecollab.Forbidden, "no_access",
		"This link does not open the room; a part of it may be missing. Copy the whole of it, or ask for it again."), nil
}

// pathOf is where a room's page is, by a link.
func pathOf(roomID, key string) string { return "/r/" + roomID + "#" + key }

// makeLinks gives a new room its links.
func (s *Server) makeLinks(ctx context.Context, roomID string) (map[rights.Role]string, error) {
	keys := map[rights.Role]string{}
	for _, role := range linkRoles() {
		keys[role] = newKey()
		if err := s.opt.Keeper.SetLink(ctx, roomID, role, keys[role]); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// linksAnswer is the links that work as clients get them.
func linksAnswer(roomID string, keys map[rights.Role]string) map[string]string {
	out := map[string]string{}
	for role, key := range keys {
		out[string(role)] = pathOf(roomID, key)
	}
	return out
}

// links tells the links that the person may hand on.
func (s *Server) links(w http.ResponseWriter, r *http.Request) error {
	id, by := r.PathValue("room"), whoOf(r)
	keys, err := s.opt.Keeper.Links(r.Context(), id)
	if err != nil {
		return err
	}
	return s.opt.Rooms.Use(r.Context(), id, func(rm *room.Room) error {
		if rm.May(by.visitor, rights.InviteEditor) != nil {
			delete(keys, rights.Editor)
		}
		answer.JSON(w, http.StatusOK, map[string]any{"links": linksAnswer(id, keys)})
		return nil
	})
}

// rotateLink replaces a link, and makes it when there is none.
func (s *Server) rotateLink(w http.ResponseWriter, r *http.Request) error {
	role, err := linkRole(r)
	if err != nil {
		return err
	}
	id, key := r.PathValue("room"), newKey()
	err = s.opt.Keeper.SetLink(r.Context(), id, role, key)
	if err := s.noted(err, r, s.orgOf(r), auth.ActLinkRotated, map[string]string{"role": string(role)}); err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"links": linksAnswer(id, map[rights.Role]string{role: key})})
	return nil
}

// revokeLink takes a link away.
func (s *Server) revokeLink(w http.ResponseWriter, r *http.Request) error {
	role, err := linkRole(r)
	if err != nil {
		return err
	}
	err = s.opt.Keeper.SetLink(r.Context(), r.PathValue("room"), role, "")
	if err := s.noted(err, r, s.orgOf(r), auth.ActLinkRevoked, map[string]string{"role": string(role)}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// linkRole is the role that a request about a link names.
func linkRole(r *http.Request) (rights.Role, error) {
	role := rights.Role(r.PathValue("role"))
	if role != rights.Editor && role != rights.Viewer {
		return rights.None, codecollab.Errorf(codecollab.Invalid, "bad_role", "There are links for editor and viewer, not for %.20q.", role)
	}
	return role, nil
}
