package saml

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"codecollab.dev/internal/auth/fetch"
)

// The bindings: how a message goes through the browser.
const (
	Redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
	Post     = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
)

// Provider is what is known about an identity provider.
type Provider struct {
	Entity       string
	SSO, SLO     Endpoint
	Certificates []*x509.Certificate // all that may sign: two while the provider changes from one to the next
	Until        time.Time           // the metadata does not count afterwards; zero: it does not say
}

// Endpoint is where the provider takes messages.
type Endpoint struct {
	Binding  string `xml:"Binding,attr"`
	Location string `xml:"Location,attr"`
	Answers  string `xml:"ResponseLocation,attr"` // where answers go; "": to Location as well
}

// reply is where an answer goes.
func (e Endpoint) reply() Endpoint {
	if e.Answers != "" {
		e.Location = e.Answers
	}
	return e
}

func (p Provider) validate() error {
	if err := fetch.Address(p.SSO.Location); err != nil {
		return fmt.Errorf("the provider's sign-in address: %w", err)
	}
	for _, location := range []string{p.SLO.Location, p.SLO.Answers} {
		if location == "" {
			continue
		}
		if err := fetch.Address(location); err != nil {
			return fmt.Errorf("the provider's sign-out address: %w", err)
		}
	}
	if len(p.Certificates) == 0 {
		return errors.New("no certificate says how to verify what the provider signs")
	}
	if len(p.Certificates) > mostCertificates {
		return fmt.Errorf("there are %d certificates, which is more than %d", len(p.Certificates), mostCertificates)
	}
	return nil
}

// entity is the part of metadata that is of interest.
type entity struct {
	Entity string    `xml:"entityID,attr"`
	Until  time.Time `xml:"validUntil,attr"`
	IdP    *struct {
		Keys []struct {
			Use  string `xml:"use,attr"`
			Data []struct {
				Certificates []string `xml:"http://www.w3.org/2000/09/xmldsig# X509Certificate"`
			} `xml:"http://www.w3.org/2000/09/xmldsig# KeyInfo>X509Data"`
		} `xml:"urn:oasis:names:tc:SAML:2.0:metadata KeyDescriptor"`
		SSO []Endpoint `xml:"urn:oasis:names:tc:SAML:2.0:metadata SingleSignOnService"`
		SLO []Endpoint `xml:"urn:oasis:names:tc:SAML:2.0:metadata SingleLogoutService"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:metadata IDPSSODescriptor"`
}

// parseMetadata reads the metadata of a provider. want is its entity id, which need not be given where there is only one.
func parseMetadata(data []byte, want string) (Provider, error) {
	data, err := withoutComments(data)
	if err != nil {
		return Provider{}, err
	}
	root, err := parse(data, mostMetadata)
	if err != nil {
		return Provider{}, fmt.Errorf("the metadata cannot be used: %w", err)
	}
	var found struct {
		XMLName xml.Name
		entity
		Entities []entity `xml:"urn:oasis:names:tc:SAML:2.0:metadata EntityDescriptor"`
	}
	if err := decode(root, &found); err != nil {
		return Provider{}, fmt.Errorf("the metadata cannot be read: %w", err)
	}
	all := found.Entities
	if found.XMLName.Local == "EntityDescriptor" {
		all = []entity{found.entity}
	}
	all = slices.DeleteFunc(all, func(e entity) bool { return e.IdP == nil || want != "" && e.Entity != want })
	switch {
	case len(all) == 0 && want != "":
		return Provider{}, fmt.Errorf("the metadata has no identity provider with the entity id %q", want)
	case len(all) == 0:
		return Provider{}, errors.New("the metadata is of no identity provider: is it that of a service provider, or a web page?")
	case len(all) > 1:
		return Provider{}, fmt.Errorf("the metadata has %d identity providers: give the entity id of yours", len(all))
	}
	p, err := all[0].provider()
	if err != nil {
		return p, err
	}
	if p.Until.IsZero() {
		p.Until = found.Until
	}
	return p, p.validate()
}

func (e entity) provider() (Provider, error) {
	p := Provider{Entity: e.Entity, Until: e.Until, SSO: choose(e.IdP.SSO), SLO: choose(e.IdP.SLO)}
	if p.Entity == "" || len(p.Entity) > mostText {
		return p, errors.New("the metadata has no entity id")
	}
	if p.SSO.Location == "" {
		return p, errors.New("the metadata has no sign-in address for the redirect or the POST binding")
	}
	var bad error
	for _, key := range e.IdP.Keys {
		if key.Use == "encryption" {
			continue
		}
		for _, d := range key.Data {
			for _, text := range d.Certificates {
				c, err := parseCertificate(text)
				if err != nil {
					bad = fmt.Errorf("a certificate in the metadata: %w", err)
				} else if !slices.ContainsFunc(p.Certificates, c.Equal) {
					p.Certificates = append(p.Certificates, c)
				}
			}
		}
	}
	if len(p.Certificates) == 0 && bad != nil {
		return p, bad
	}
	return p, nil
}

// choose takes the simpler of the bindings that we speak.
func choose(all []Endpoint) Endpoint {
	for _, binding := range []string{Redirect, Post} {
		for _, e := range all {
			if _, err := url.Parse(e.Location); e.Binding == binding && err == nil {
				return e
			}
		}
	}
	return Endpoint{}
}

// withoutComments takes comments out of metadata, which people write by hand; messages may not have any.
func withoutComments(data []byte) ([]byte, error) {
	if len(data) > mostMetadata {
		return nil, fmt.Errorf("the metadata is larger than %d bytes", mostMetadata)
	}
	return comment.ReplaceAll(data, nil), nil
}

// metadata is ours, with the certificate of the pair.
func (p Pair) metadata(site Site, signRequests bool) []byte {
	certificate := base64.StdEncoding.EncodeToString(p.Certificate)
	return fmt.Appendf(nil, ourMetadata, escape(site.Entity()), signRequests, certificate, certificate, escape(site.SLO()), escape(site.SLO()), escape(site.ACS()))
}
