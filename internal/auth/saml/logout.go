package saml

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"
	saml2 "github.com/russellhaering/gosaml2"
	"github.com/russellhaering/gosaml2/types"
	dsig "github.com/russellhaering/goxmldsig"
)

// Logout is a verified message of the provider about signing out.
type Logout struct {
	Request string   // the provider's request: sessions have to end, and it waits for a reply. "": it answers a request of ours
	Name    string   // whose sessions
	Indexes []string // which of them; none: all
	relay   string
}

// Of reports whether a session is meant, by what the Arrival had as its Detail.
func (l Logout) Of(detail string) bool {
	var s session
	if l.Request == "" || json.Unmarshal([]byte(detail), &s) != nil || s.Name != l.Name {
		return false
	}
	return len(l.Indexes) == 0 || slices.Contains(l.Indexes, s.Index)
}

// SignOut asks the provider to end a session there, and everywhere else that it was used. ok is false where the provider has no
// address for that. relay comes back with the answer.
func (s *Service) SignOut(ctx context.Context, site Site, detail, relay string) (out Outgoing, ok bool, err error) {
	var known session
	if json.Unmarshal([]byte(detail), &known) != nil || known.Name == "" {
		return Outgoing{}, false, nil
	}
	p, err := s.open(ctx, site)
	if err != nil || p.provider.SLO.Location == "" {
		return Outgoing{}, false, err
	}
	sp, err := p.library()
	if err != nil {
		return Outgoing{}, false, err
	}
	sp.NameIdFormat = known.Format
	doc, err := sp.BuildLogoutRequestDocumentNoSig(known.Name, known.Index)
	if err != nil {
		return Outgoing{}, false, err
	}
	name := doc.Root().FindElement("./NameID")
	for key, value := range map[string]string{"NameQualifier": known.Qualifier, "SPNameQualifier": known.Ours, "Format": known.Format} {
		name.RemoveAttr(key)
		if value != "" {
			name.CreateAttr(key, value)
		}
	}
	if index := doc.Root().FindElement("./SessionIndex"); index != nil && known.Index == "" {
		doc.Root().RemoveChild(index)
	}
	out, err = p.send("SAMLRequest", doc.Root(), p.provider.SLO, relay, true)
	return out, err == nil, err
}

// Reply tells the provider how its request went.
func (s *Service) Reply(ctx context.Context, site Site, l Logout, done bool) (Outgoing, error) {
	p, err := s.open(ctx, site)
	if err != nil {
		return Outgoing{}, err
	}
	if p.provider.SLO.Location == "" {
		return Outgoing{}, refused("the provider asks to sign somebody out, and has no address for the answer")
	}
	sp, err := p.library()
	if err != nil {
		return Outgoing{}, err
	}
	status := saml2.StatusCodeSuccess
	if !done {
		status = "urn:oasis:names:tc:SAML:2.0:status:Responder"
	}
	to := p.provider.SLO.reply()
	sp.IdentityProviderSLOURL = to.Location
	doc, err := sp.BuildLogoutResponseDocumentNoSig(status, l.Request)
	if err != nil {
		return Outgoing{}, err
	}
	return p.send("SAMLResponse", doc.Root(), to, l.relay, true)
}

// ReadLogout verifies a message about signing out: query is that of the address, form what was posted. Errors: "saml_refused",
// "saml_expired", "provider_unreachable".
func (s *Service) ReadLogout(ctx context.Context, site Site, query string, form url.Values) (Logout, error) {
	p, err := s.open(ctx, site)
	if err != nil {
		return Logout{}, err
	}
	l := Logout{}
	_, err = guarded(ctx, func(ctx context.Context) (string, error) {
		root, err := l.verify(p, s.opt.Bytes, query, form)
		if err == nil {
			err = l.read(ctx, s, p, root)
		}
		return "", err
	})
	if err != nil && codeless(err) {
		err = refused("signing out: %w", err)
	}
	return l, err
}

// verify finds the message and makes sure that the provider has signed it.
func (l *Logout) verify(p party, most int, query string, form url.Values) (*etree.Element, error) {
	if form == nil {
		return l.verifyRedirect(p, most, query)
	}
	kind, err := kindOf(form)
	if err != nil {
		return nil, err
	}
	raw, err := unpack(form.Get(kind), most)
	if err != nil {
		return nil, err
	}
	root, err := parse(raw, most)
	if err != nil {
		return nil, err
	}
	if err := checkTree(root, root); err != nil {
		return nil, err
	}
	l.relay = form.Get("RelayState")
	return signed(root, p.provider.Certificates, p.now)
}

func kindOf(form url.Values) (string, error) {
	for name, values := range form {
		if len(values) != 1 {
			return "", fmt.Errorf("the message has %.40q more than once", name)
		}
	}
	request, response := form.Get("SAMLRequest") != "", form.Get("SAMLResponse") != ""
	switch {
	case request == response:
		return "", errors.New("the message has to be either a request or a response")
	case request:
		return "SAMLRequest", nil
	}
	return "SAMLResponse", nil
}

// verifyRedirect reads a message that is in an address, where the signature is about the address as it was written.
func (l *Logout) verifyRedirect(p party, most int, query string) (*etree.Element, error) {
	if len(query) > most {
		return nil, fmt.Errorf("the address is longer than %d bytes", most)
	}
	form, err := url.ParseQuery(query)
	if err != nil {
		return nil, fmt.Errorf("the address cannot be read: %w", err)
	}
	kind, err := kindOf(form)
	if err != nil {
		return nil, err
	}
	written := map[string]string{}
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		written[name] = part
	}
	text := written[kind]
	for _, name := range []string{"RelayState", "SigAlg"} {
		if part, ok := written[name]; ok {
			text += "&" + part
		}
	}
	if err := checkText(text, form.Get("SigAlg"), form.Get("Signature"), p.provider.Certificates, p.now); err != nil {
		return nil, err
	}
	l.relay = form.Get("RelayState")
	packed, err := unpack(form.Get(kind), most)
	if err != nil {
		return nil, err
	}
	raw, err := inflate(packed, most)
	if err != nil {
		return nil, err
	}
	root, err := parse(raw, most)
	if err == nil {
		err = checkTree(root, root)
	}
	return root, err
}

// inflate unpacks no more than may be.
func inflate(packed []byte, most int) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), int64(most)+1))
	if err != nil {
		return nil, fmt.Errorf("the message cannot be unpacked: %w", err)
	}
	if len(raw) > most {
		return nil, fmt.Errorf("the message unpacks to more than %d bytes", most)
	}
	return raw, nil
}

// checkText verifies the signature of an address.
func checkText(text, method, signature string, certificates []*x509.Certificate, now time.Time) error {
	algorithms := map[string]x509.SignatureAlgorithm{
		dsig.RSASHA256SignatureMethod: x509.SHA256WithRSA, dsig.RSASHA384SignatureMethod: x509.SHA384WithRSA, dsig.RSASHA512SignatureMethod: x509.SHA512WithRSA,
	}
	if signature == "" {
		return errUnsigned
	}
	algorithm, ok := algorithms[method]
	if !ok {
		return fmt.Errorf("the signature is made by %.100q, which is not accepted%s", method, weak(method))
	}
	sum, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return errors.New("the signature is not in base64")
	}
	for _, c := range certificates {
		if now.Before(c.NotAfter) && !now.Before(c.NotBefore) && c.CheckSignature(algorithm, []byte(text), sum) == nil {
			return nil
		}
	}
	return errors.New("the signature is not one of the provider's, or something was changed after signing")
}

// read reads a verified message.
func (l *Logout) read(ctx context.Context, s *Service, p party, root *etree.Element) error {
	sp, err := p.library()
	if err != nil {
		return err
	}
	one, perhaps := counted{nsAssertion, 1, 1}, counted{dsig.Namespace, 0, 1}
	if attr(root, "Destination") == "" {
		return errors.New("the message does not say for which address it is made (Destination)")
	}
	if is(root, nsProtocol, "LogoutResponse") {
		var answer types.LogoutResponse
		if err := children(root, map[string]counted{"Issuer": one, "Signature": perhaps, "Status": {nsProtocol, 1, 1}}); err != nil {
			return err
		}
		if err := decode(root, &answer); err != nil {
			return err
		}
		return sp.ValidateDecodedLogoutResponse(&answer)
	}
	if !is(root, nsProtocol, "LogoutRequest") {
		return fmt.Errorf("the message is a %.40q", root.Tag)
	}
	err = children(root, map[string]counted{"Issuer": one, "Signature": perhaps, "Extensions": {nsProtocol, 0, 1}, "NameID": one, "SessionIndex": {nsProtocol, 0, 100}})
	if err != nil {
		return err
	}
	var request saml2.LogoutRequest
	if err := decode(root, &request); err != nil {
		return err
	}
	if err := sp.ValidateDecodedLogoutRequest(&request); err != nil {
		return err
	}
	return l.take(ctx, s, p, root, request)
}

// freshFor is how old a request may be that does not say it.
const freshFor = 5 * time.Minute

func (l *Logout) take(ctx context.Context, s *Service, p party, root *etree.Element, request saml2.LogoutRequest) error {
	end := request.IssueInstant.Add(freshFor)
	if text := attr(root, "NotOnOrAfter"); text != "" {
		said, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return fmt.Errorf("the request has no proper end (%.40q)", text)
		}
		if said.Before(end) {
			end = said
		}
	}
	if !p.now.Before(end) || p.now.Add(s.opt.Skew).Before(request.IssueInstant) {
		return errLate("the request to sign out is of %s, and here it is %s", request.IssueInstant.UTC().Format(time.RFC3339), p.now.UTC().Format(time.RFC3339))
	}
	if !validID.MatchString(request.ID) {
		return errors.New("the request has no proper ID")
	}
	first, err := s.opt.Used.Use(ctx, "saml logout "+p.site.Connection.ID+" "+request.ID, end.Add(s.opt.Skew))
	if err == nil && !first {
		err = fmt.Errorf("the request %.60q was used before", request.ID)
	}
	l.Request, l.Name = request.ID, strings.TrimSpace(request.NameID.Value)
	for _, el := range root.ChildElements() {
		if is(el, nsProtocol, "SessionIndex") {
			l.Indexes = append(l.Indexes, strings.TrimSpace(el.Text()))
		}
	}
	return err
}
