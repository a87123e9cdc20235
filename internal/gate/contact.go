package gate

import (
	"fmt"
	"net/http"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
)

// securityText says where to report faults (RFC 9116). It is good for as long as a server that is looked after goes without an update.
func (g *Gate) securityText(w http.ResponseWriter, _ *http.Request) error {
	if g.opt.Contact == "" {
		return codecollab.Errorf(codecollab.NotFound, "no_endpoint", "There is no security.txt here: security-contact is not set.")
	}
	expires := time.Now().UTC().AddDate(0, 6, 0).Format(time.RFC3339)
	answer.Text(w, fmt.Sprintf("Contact: %s\nExpires: %s\nPreferred-Languages: en, de", g.opt.Contact, expires))
	return nil
}
