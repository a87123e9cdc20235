package main

import (
	"context"
	"path/filepath"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/fetch"
	"codecollab.dev/internal/auth/saml"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/gate"
	"codecollab.dev/internal/store/people"
)

// What SAML keeps in the data folder: the key pair that providers know, and what they said last about themselves.
const (
	samlKey    = "saml.pem"
	samlFolder = "saml"
)

// newSAML is what signing in by SAML needs.
func newSAML(s config.Settings, keys saml.Keys, sealer *auth.Sealer, db *people.Store) gate.SAML {
	service := saml.New(saml.Options{
		Keys:    keys,
		Used:    db,
		Kept:    saml.Folder(filepath.Join(s.Data, samlFolder)),
		Client:  fetch.Client(fetch.Limits{Time: s.SsoTimeout, Bytes: int64(s.SsoAnswerMax), Private: s.SsoPrivateNetworks}),
		Refresh: s.SsoKeep, Bytes: int(s.SamlMessageMax), Skew: s.SsoClockSkew, Pending: s.SsoTripTime,
	})
	return gate.SAML{Service: service, Sealer: sealer, Sessions: db, Bytes: formBytes(int64(s.SamlMessageMax))}
}

// formBytes is how large a form may be that holds a message: it is in base64 there, with signs of it written out, and not alone.
func formBytes(message int64) int64 { return message*2 + 16<<10 }

// samlKind is how organisations keep and test connections of this kind.
func samlKind(service *saml.Service, public string) auth.ConnectionKind {
	return auth.ConnectionKind{
		Validate: saml.Validate,
		Check: func(ctx context.Context, c auth.Connection) []auth.Step {
			return service.Check(ctx, saml.Site{Origin: public, Connection: c})
		},
	}
}
