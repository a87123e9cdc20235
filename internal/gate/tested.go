package gate

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"

	"codecollab.dev/internal/auth"
)

// longestDetail bounds what is said of one step: all of them travel in an address.
const longestDetail = 400

// tested ends a sign-in that was a test of a connection (?test=1): nobody is signed in, and the page shows what was tried. The steps
// go behind the # of the address, which browsers send to nobody, so that what the provider says of a person is in no log.
func (g *Gate) tested(w http.ResponseWriter, r *http.Request, org, connection string, steps []auth.Step) {
	short := make([]auth.Step, 0, len(steps))
	for _, s := range steps {
		s.Detail, s.Fix = clip(s.Detail), clip(s.Fix)
		short = append(short, s)
	}
	said, err := json.Marshal(short)
	if err != nil {
		g.problem(w, r, "/orgs/"+org+"/sign-in", err)
		return
	}
	to := "/orgs/" + url.PathEscape(org) + "/sign-in/" + url.PathEscape(connection) + "/tested#" + base64.RawURLEncoding.EncodeToString(said)
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func clip(s string) string {
	if runes := []rune(s); len(runes) > longestDetail {
		return string(runes[:longestDetail]) + "…"
	}
	return s
}
