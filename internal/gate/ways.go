package gate

import (
	"net/http"

	"codecollab.dev/internal/answer"
)

// Way is a way to sign in that everybody is offered.
type Way struct {
	ID   string `json:"id"`
	Kind string `json:"kind"` // "oidc", "github", "password", "passkey"
	Name string `json:"name"`
	Path string `json:"path,omitempty"` // where the browser goes
}

// ways are all of them, in the order in which they are shown.
func (g *Gate) ways(r *http.Request) []Way {
	ways := append(g.externalWays(), g.passkeyWays(r)...)
	if g.opt.Passwords != "off" {
		ways = append(ways, Way{ID: viaPassword, Kind: "password", Name: "E-mail"})
	}
	return ways
}

// listWays says how people can sign in.
func (g *Gate) listWays(w http.ResponseWriter, r *http.Request) error {
	answer.JSON(w, http.StatusOK, map[string]any{"ways": g.ways(r), "register": g.opt.Passwords == "open"})
	return nil
}
