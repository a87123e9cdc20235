// Package samltest has an identity provider for tests, which makes genuine responses, and a forge, which makes of a genuine one
// all the responses that must never let anybody in.
package samltest

import (
	"bytes"
	"compress/flate"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/url"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// IdP is an identity provider.
type IdP struct {
	Entity string
	SSO    string
	SLO    string
	Key    *rsa.PrivateKey
	DER    []byte // its certificate
}

// New makes an identity provider with a key of its own.
func New(entity string) *IdP {
	key := must(rsa.GenerateKey(rand.Reader, 2048))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: entity},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(365 * 24 * time.Hour),
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key))
	return &IdP{Entity: entity, SSO: entity + "/sso", SLO: entity + "/slo", Key: key, DER: der}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// PEM is the certificate, as people paste it.
func (p *IdP) PEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.DER}))
}

// Metadata describes the provider; others' certificates may be added, as while one is replaced by the next.
func (p *IdP) Metadata(also ...*IdP) string {
	keys := ""
	for _, one := range append([]*IdP{p}, also...) {
		keys += `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>` +
			base64.StdEncoding.EncodeToString(one.DER) + `</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
	}
	return `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="` + p.Entity + `">` +
		`<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` + keys +
		`<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="` + p.SLO + `"/>` +
		`<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="` + p.SSO + `"/>` +
		`</md:IDPSSODescriptor></md:EntityDescriptor>`
}

// Saying is what a response says.
type Saying struct {
	Request     string // InResponseTo; "" in all places
	ACS         string // Destination and Recipient
	Audience    string
	Issuer      string // "": the provider
	Name        string
	Format      string // of the name; "": persistent
	Attributes  map[string][]string
	Now         time.Time
	For         time.Duration // how long it counts; 5 min
	Index       string        // of the session
	Session     time.Time     // when the session at the provider ends
	Response    bool          // sign it as a whole
	Assertion   bool          // sign the assertion
	Method      string        // of signatures; "": RSA-SHA256
	Encrypt     []byte        // for this certificate
	Cipher      string        // "": AES-128-GCM
	NoRecipient bool
	Mark        string // as Destination, where it is not ACS
}

const (
	stamp      = "2006-01-02T15:04:05Z"
	persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
)

func newID() string { return "_" + rand.Text() + rand.Text() }

// Response is a response as XML.
func (p *IdP) Response(s Saying) []byte {
	doc := etree.NewDocument()
	doc.SetRoot(p.response(s))
	return must(doc.WriteToBytes())
}

func (p *IdP) response(s Saying) *etree.Element {
	if s.Issuer == "" {
		s.Issuer = p.Entity
	}
	if s.For == 0 {
		s.For = 5 * time.Minute
	}
	root := etree.NewElement("samlp:Response")
	root.CreateAttr("xmlns:samlp", "urn:oasis:names:tc:SAML:2.0:protocol")
	root.CreateAttr("xmlns:saml", "urn:oasis:names:tc:SAML:2.0:assertion")
	root.CreateAttr("ID", newID())
	root.CreateAttr("Version", "2.0")
	root.CreateAttr("IssueInstant", s.Now.UTC().Format(stamp))
	destination := s.ACS
	if s.Mark != "" {
		destination = s.Mark
	}
	root.CreateAttr("Destination", destination)
	if s.Request != "" {
		root.CreateAttr("InResponseTo", s.Request)
	}
	root.CreateElement("saml:Issuer").SetText(s.Issuer)
	root.CreateElement("samlp:Status").CreateElement("samlp:StatusCode").CreateAttr("Value", "urn:oasis:names:tc:SAML:2.0:status:Success")
	assertion := p.assertion(s)
	if s.Assertion {
		p.Sign(assertion, s.Method)
	}
	if s.Encrypt != nil {
		assertion = encrypt(assertion, s.Encrypt, s.Cipher)
	}
	root.AddChild(assertion)
	if s.Response {
		p.Sign(root, s.Method)
	}
	return root
}

func (p *IdP) assertion(s Saying) *etree.Element {
	begin, end := s.Now.Add(-30*time.Second).UTC().Format(stamp), s.Now.Add(s.For).UTC().Format(stamp)
	a := etree.NewElement("saml:Assertion")
	a.CreateAttr("xmlns:saml", "urn:oasis:names:tc:SAML:2.0:assertion")
	a.CreateAttr("ID", newID())
	a.CreateAttr("Version", "2.0")
	a.CreateAttr("IssueInstant", s.Now.UTC().Format(stamp))
	a.CreateElement("saml:Issuer").SetText(s.Issuer)
	subject := a.CreateElement("saml:Subject")
	name := subject.CreateElement("saml:NameID")
	name.CreateAttr("Format", persistent)
	if s.Format != "" {
		name.CreateAttr("Format", s.Format)
	}
	name.SetText(s.Name)
	confirmation := subject.CreateElement("saml:SubjectConfirmation")
	confirmation.CreateAttr("Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer")
	data := confirmation.CreateElement("saml:SubjectConfirmationData")
	data.CreateAttr("NotOnOrAfter", end)
	if !s.NoRecipient {
		data.CreateAttr("Recipient", s.ACS)
	}
	if s.Request != "" {
		data.CreateAttr("InResponseTo", s.Request)
	}
	conditions := a.CreateElement("saml:Conditions")
	conditions.CreateAttr("NotBefore", begin)
	conditions.CreateAttr("NotOnOrAfter", end)
	if s.Audience != "" {
		conditions.CreateElement("saml:AudienceRestriction").CreateElement("saml:Audience").SetText(s.Audience)
	}
	statement := a.CreateElement("saml:AuthnStatement")
	statement.CreateAttr("AuthnInstant", s.Now.UTC().Format(stamp))
	statement.CreateAttr("SessionIndex", s.Index)
	if !s.Session.IsZero() {
		statement.CreateAttr("SessionNotOnOrAfter", s.Session.UTC().Format(stamp))
	}
	statement.CreateElement("saml:AuthnContext").CreateElement("saml:AuthnContextClassRef").SetText("urn:oasis:names:tc:SAML:2.0:ac:classes:Password")
	if len(s.Attributes) == 0 {
		return a
	}
	attributes := a.CreateElement("saml:AttributeStatement")
	for name, values := range s.Attributes {
		attribute := attributes.CreateElement("saml:Attribute")
		attribute.CreateAttr("Name", name)
		for _, value := range values {
			attribute.CreateElement("saml:AttributeValue").SetText(value)
		}
	}
	return a
}

// Sign signs an element in the way of SAML, behind its issuer.
func (p *IdP) Sign(el *etree.Element, method string) {
	check := must(dsig.NewSigningContext(p.Key, [][]byte{p.DER}))
	check.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	if method != "" {
		if err := check.SetSignatureMethod(method); err != nil {
			panic(err)
		}
	}
	el.InsertChildAt(1, must(check.ConstructSignature(el, true)))
}

// Encode is a message as it is posted.
func Encode(message []byte) string { return base64.StdEncoding.EncodeToString(message) }

// Logout is the address, with its query, of a request to sign somebody out.
func (p *IdP) Logout(slo, name, index string, now time.Time) string {
	root := etree.NewElement("samlp:LogoutRequest")
	root.CreateAttr("xmlns:samlp", "urn:oasis:names:tc:SAML:2.0:protocol")
	root.CreateAttr("xmlns:saml", "urn:oasis:names:tc:SAML:2.0:assertion")
	root.CreateAttr("ID", newID())
	root.CreateAttr("Version", "2.0")
	root.CreateAttr("IssueInstant", now.UTC().Format(stamp))
	root.CreateAttr("Destination", slo)
	root.CreateElement("saml:Issuer").SetText(p.Entity)
	root.CreateElement("saml:NameID").SetText(name)
	if index != "" {
		root.CreateElement("samlp:SessionIndex").SetText(index)
	}
	doc := etree.NewDocument()
	doc.SetRoot(root)
	return p.Address(slo, "SAMLRequest", must(doc.WriteToBytes()))
}

// Address puts a message into an address and signs it.
func (p *IdP) Address(to, kind string, message []byte) string {
	var packed bytes.Buffer
	w := must(flate.NewWriter(&packed, flate.BestCompression))
	must(w.Write(message))
	if err := w.Close(); err != nil {
		panic(err)
	}
	query := kind + "=" + url.QueryEscape(Encode(packed.Bytes())) + "&SigAlg=" + url.QueryEscape(dsig.RSASHA256SignatureMethod)
	sum := must(must(dsig.NewSigningContext(p.Key, nil)).SignString(query))
	return to + "?" + query + "&Signature=" + url.QueryEscape(Encode(sum))
}

// Request reads a request of ours out of the address that the browser was sent to: its ID.
func Request(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	packed, err := base64.StdEncoding.DecodeString(u.Query().Get("SAMLRequest"))
	if err != nil {
		return "", err
	}
	raw, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		return "", err
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(raw); err != nil || doc.Root() == nil {
		return "", fmt.Errorf("no request in %s: %w", address, err)
	}
	return doc.Root().SelectAttrValue("ID", ""), nil
}

// KeyPEM is the key, for providers that read it from a file.
func (p *IdP) KeyPEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(p.Key)}))
}
