// Package saml takes somebody to an identity provider that speaks SAML 2.0, and back. It makes our requests, checks what the
// provider answers, and says who arrives; cookies, sessions and organisations are for those who call it.
//
// Package gosaml2 makes the messages and goxmldsig verifies the signatures. What they leave open is done here, and this package
// is strict: a message that is not exactly as the standard's profile for browsers has it is refused, with a reason that an
// administrator understands. See docs/sso.md and docs/adr/0016.
package saml

import (
	"context"
	"net/http"
	"time"

	saml2 "github.com/russellhaering/gosaml2"
	dsig "github.com/russellhaering/goxmldsig"

	"codecollab.dev/internal/auth"
)

// Options are what a Service is made of. Keys and Used must be set; what else is zero is the default.
type Options struct {
	Keys    Keys
	Used    Used
	Kept    Kept          // metadata of providers, for when they do not answer
	Client  *http.Client  // asks providers for their metadata; without one, only metadata that was pasted counts
	Refresh time.Duration // metadata is asked for again when it is older; 1 h
	Bytes   int           // of a message, decoded; 256 KiB
	Skew    time.Duration // by which the clock of a provider may be ahead of ours
	Pending time.Duration // in which somebody has to come back from the provider; 10 min
	Now     func() time.Time
}

// Used knows what has been used and must not be again.
type Used interface {
	// Use notes the name of something, and says whether it was new. It may be forgotten after until.
	Use(ctx context.Context, name string, until time.Time) (isNew bool, err error)
}

// Service is our side of SAML, for all connections.
type Service struct {
	opt       Options
	directory *directory
}

// New makes a Service.
func New(opt Options) *Service {
	if opt.Refresh == 0 {
		opt.Refresh = time.Hour
	}
	if opt.Bytes == 0 {
		opt.Bytes = 256 << 10
	}
	if opt.Pending == 0 {
		opt.Pending = 10 * time.Minute
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	return &Service{opt: opt, directory: newDirectory(opt)}
}

// Site is a connection at the address that people use for this installation.
type Site struct {
	Origin     string // "https://code.example.org"
	Connection auth.Connection
}

// Entity is the name by which the provider knows us, and the address of our metadata.
func (s Site) Entity() string { return s.path("metadata") }

// ACS is where the provider sends people back to.
func (s Site) ACS() string { return s.path("acs") }

// SLO is where the provider tells that somebody signs out.
func (s Site) SLO() string { return s.path("slo") }

func (s Site) path(end string) string { return s.Origin + "/auth/saml/" + s.Connection.ID + "/" + end }

// party is all that is known when one message is made or read: our side of a connection, and the provider's.
type party struct {
	site     Site
	settings Settings
	provider Provider
	pair     Pair
	now      time.Time
}

// open finds out about both sides of a connection.
func (s *Service) open(ctx context.Context, site Site) (party, error) {
	settings, err := ParseSettings(site.Connection.Settings)
	if err != nil {
		return party{}, err
	}
	provider, err := s.directory.provider(ctx, site.Connection.ID, settings)
	if err != nil {
		return party{}, err
	}
	pair, err := s.opt.Keys.Pair(ctx)
	return party{site: site, settings: settings, provider: provider, pair: pair, now: s.opt.Now()}, err
}

// library is the connection as gosaml2 sees it.
func (p party) library() (*saml2.SAMLServiceProvider, error) {
	sp := &saml2.SAMLServiceProvider{
		IdentityProviderIssuer:         p.provider.Entity,
		IdentityProviderSSOURL:         p.provider.SSO.Location,
		IdentityProviderSLOURL:         p.provider.SLO.Location,
		ServiceProviderIssuer:          p.site.Entity(),
		AssertionConsumerServiceURL:    p.site.ACS(),
		ServiceProviderSLOURL:          p.site.SLO(),
		AudienceURI:                    p.site.Entity(),
		NameIdFormat:                   p.settings.NameIDFormat,
		SignAuthnRequests:              true,
		SignAuthnRequestsAlgorithm:     dsig.RSASHA256SignatureMethod,
		SignAuthnRequestsCanonicalizer: dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList(""),
		Clock:                          dsig.NewFakeClockAt(p.now),
	}
	return sp, sp.SetSPSigningKeyStore(&saml2.KeyStore{Signer: p.pair.Key, Cert: p.pair.Certificate})
}
