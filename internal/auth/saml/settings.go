package saml

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/fetch"
)

// Settings are a connection's. Either an address of metadata, or metadata, or the fields of it say who the provider is.
type Settings struct {
	MetadataURL  string   `json:"metadataUrl,omitempty"` // asked now and then: new certificates come by themselves
	MetadataXML  string   `json:"metadataXml,omitempty"` // instead, pasted
	EntityID     string   `json:"entityId,omitempty"`    // instead, by hand; with metadata of several providers: which
	SSOURL       string   `json:"ssoUrl,omitempty"`
	SLOURL       string   `json:"sloUrl,omitempty"`
	Certificates []string `json:"certificates,omitempty"` // of the provider's signatures; PEM, or its base64 alone

	SignRequests      bool   `json:"signRequests"`
	AllowIdPInitiated bool   `json:"allowIdpInitiated"`      // people may start at the provider's own page
	RequireEncryption bool   `json:"requireEncryption"`      // an assertion that anybody could read is refused
	NameIDFormat      string `json:"nameIdFormat,omitempty"` // that we ask for; "": the provider's choice

	SubjectAttr string                  `json:"subjectAttr,omitempty"` // names people for good; "": the name id does
	NameAttr    string                  `json:"nameAttr,omitempty"`    // "": the usual ones are tried
	EmailAttr   string                  `json:"emailAttr,omitempty"`
	GroupsAttr  string                  `json:"groupsAttr,omitempty"`
	GroupRoles  map[string]auth.OrgRole `json:"groupRoles,omitempty"` // the best role of all groups counts
}

// What settings may hold.
const (
	mostCertificates = 8
	mostGroupRoles   = 200
	mostText         = 1000
	mostMetadata     = 1 << 20
	leastKeyBits     = 2048
)

// ParseSettings reads the settings of a connection.
func ParseSettings(data json.RawMessage) (Settings, error) {
	var s Settings
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("the settings are not as they should be: %w", err)
	}
	return s, nil
}

// Validate says what is wrong with settings, in words for who typed them.
func Validate(data json.RawMessage) error {
	s, err := ParseSettings(data)
	if err != nil {
		return err
	}
	return s.Validate()
}

// Validate says what is wrong with settings, without asking anybody.
func (s Settings) Validate() error {
	if err := s.validateTexts(); err != nil {
		return err
	}
	switch {
	case s.MetadataURL != "" && s.MetadataXML != "":
		return errors.New("metadata is given twice, by its address and pasted: one is enough")
	case s.MetadataURL != "":
		if err := fetch.Address(s.MetadataURL); err != nil {
			return fmt.Errorf("the address of the metadata: %w", err)
		}
		return nil
	}
	p, err := s.provider()
	if err != nil {
		return err
	}
	return p.validate()
}

// provider is the one that the settings describe by themselves.
func (s Settings) provider() (Provider, error) {
	if s.MetadataXML != "" {
		return parseMetadata([]byte(s.MetadataXML), s.EntityID)
	}
	if s.EntityID == "" || s.SSOURL == "" || len(s.Certificates) == 0 {
		return Provider{}, errors.New("give the address of the provider's metadata, or its entity id, its sign-in address and its certificate")
	}
	p := Provider{Entity: s.EntityID, SSO: Endpoint{Binding: Redirect, Location: s.SSOURL}}
	if s.SLOURL != "" {
		p.SLO = Endpoint{Binding: Redirect, Location: s.SLOURL}
	}
	for i, text := range s.Certificates {
		c, err := parseCertificate(text)
		if err != nil {
			return Provider{}, fmt.Errorf("certificate %d: %w", i+1, err)
		}
		p.Certificates = append(p.Certificates, c)
	}
	return p, nil
}

func (s Settings) validateTexts() error {
	for name, text := range map[string]string{
		"the address of the metadata": s.MetadataURL, "the entity id": s.EntityID, "the sign-in address": s.SSOURL,
		"the sign-out address": s.SLOURL, "the name id format": s.NameIDFormat, "the attribute of the subject": s.SubjectAttr,
		"the attribute of the name": s.NameAttr, "the attribute of the e-mail address": s.EmailAttr, "the attribute of the groups": s.GroupsAttr,
	} {
		if len(text) > mostText || strings.ContainsFunc(text, unicode.IsControl) {
			return fmt.Errorf("%s has more than %d characters, or some that cannot be seen", name, mostText)
		}
	}
	if len(s.MetadataXML) > mostMetadata {
		return fmt.Errorf("the metadata is larger than %d bytes", mostMetadata)
	}
	if len(s.GroupRoles) > mostGroupRoles {
		return fmt.Errorf("%d groups have roles, which is more than %d", len(s.GroupRoles), mostGroupRoles)
	}
	for group, role := range s.GroupRoles {
		if group == "" || len(group) > mostText {
			return fmt.Errorf("a group's name has to have 1 to %d characters", mostText)
		}
		if role != auth.OrgAdmin && role != auth.OrgMember {
			return fmt.Errorf("the group %q has the role %q, but a provider can only say who is %q or %q", group, role, auth.OrgAdmin, auth.OrgMember)
		}
	}
	return nil
}

// parseCertificate reads a certificate as people paste it: PEM, or the base64 that is in it.
func parseCertificate(text string) (*x509.Certificate, error) {
	if len(text) > 32<<10 {
		return nil, errors.New("it is too long for a certificate")
	}
	der := []byte(nil)
	if block, _ := pem.Decode([]byte(strings.TrimSpace(text))); block != nil {
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("it is a %s, and not a certificate", strings.ToLower(block.Type))
		}
		der = block.Bytes
	} else {
		var err error
		if der, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err != nil {
			return nil, errors.New("it is neither PEM nor base64")
		}
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("it is no certificate: %w", err)
	}
	key, ok := c.PublicKey.(*rsa.PublicKey)
	switch {
	case !ok:
		return nil, errors.New("its key is not RSA, which signatures of SAML need here")
	case key.N.BitLen() < leastKeyBits:
		return nil, fmt.Errorf("its key has %d bits, and at least %d are needed", key.N.BitLen(), leastKeyBits)
	}
	return c, nil
}
