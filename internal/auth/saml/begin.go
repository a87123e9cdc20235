package saml

import (
	"context"
	"time"
)

// Remembered is what the browser keeps, sealed, while somebody is with the provider.
type Remembered struct {
	Request    string    `json:"r"` // the identifier of our request, which the answer has to name
	Connection string    `json:"c"`
	To         string    `json:"t"` // where they wanted to go, on this site
	Test       bool      `json:"x,omitempty"`
	Until      time.Time `json:"u"` // the answer has to come by then
}

// Begin asks the provider to say who somebody is.
func (s *Service) Begin(ctx context.Context, site Site, to string, test bool) (Outgoing, Remembered, error) {
	p, err := s.open(ctx, site)
	if err != nil {
		return Outgoing{}, Remembered{}, err
	}
	sp, err := p.library()
	if err != nil {
		return Outgoing{}, Remembered{}, err
	}
	doc, err := sp.BuildAuthRequestDocumentNoSig()
	if err != nil {
		return Outgoing{}, Remembered{}, err
	}
	request := doc.Root() // sending it takes it out of the document
	out, err := p.send("SAMLRequest", request, p.provider.SSO, "", p.settings.SignRequests)
	kept := Remembered{Request: id(request), Connection: site.Connection.ID, To: to, Test: test, Until: p.now.Add(s.opt.Pending)}
	return out, kept, err
}
