package server

import (
	"context"
	"net/http"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/rights"
)

// Gate finds out who sends a request, and answers about signing in.
type Gate interface {
	// Routes adds what the gate answers itself.
	Routes(mux *http.ServeMux)
	// Foreign are the patterns of its routes that pages of other origins may post to.
	Foreign() []string
	// Who says who sends a request. Errors: "signed_out", "sign_in".
	Who(w http.ResponseWriter, r *http.Request) (auth.Identity, error)
	// Again reports whether an identity still counts. Error "signed_out".
	Again(ctx context.Context, id auth.Identity) error
	// Note writes into the audit log what was done with a request.
	Note(r *http.Request, e auth.Entry)
	// Watch has f called when somebody is not to be in any more.
	Watch(f func(auth.Ended))
	// WatchChanges has f called for everybody about whom something has changed that may concern what they may do; "" is anybody.
	WatchChanges(f func(person string))
}

// who is who sends a request about something of a scope. Errors: those of Gate.Who, "no_scope".
func (s *Server) who(w http.ResponseWriter, r *http.Request, scope auth.Scope) (auth.Identity, error) {
	id, err := s.opt.Gate.Who(w, r)
	if err != nil {
		return id, err
	}
	return id, id.Need(scope)
}

// scopeOf is what an API token has to be for that does something in a room: what changes anything is not for those that only look.
func scopeOf(do rights.Action, method string) auth.Scope {
	switch {
	case do == rights.Read && method == http.MethodGet:
		return auth.ScopeRead
	case do == rights.Run:
		return auth.ScopeRun
	}
	return auth.ScopeRooms
}

// mayMake refuses guests where they only come into the rooms of others.
func mayMake(id auth.Identity) error {
	if !id.Invited {
		return nil
	}
	return codecollab.Errorf(codecollab.Forbidden, "account_needed", "Guests come into rooms by a link here, and make none. Sign in to make one.")
}
