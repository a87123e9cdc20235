package saml

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/beevik/etree"
	"github.com/russellhaering/gosaml2/types"

	"codecollab.dev/internal/auth"
)

// Answer is what a provider says, verified. It lets nobody in by itself: Bound has to find that this very browser was sent.
type Answer struct {
	Arrival auth.Arrival
	Request string      // the request of ours that it answers; "": the provider began by itself
	Steps   []auth.Step // what was checked, for who tries a connection out
}

// reading is one response while it is looked at.
type reading struct {
	party
	service   *Service
	root      *etree.Element // verified, if the response as a whole is signed
	el        *etree.Element // the assertion, or what it is encrypted in; verified in the end
	whole     bool           // the response as a whole is signed
	sealed    bool           // the assertion came encrypted
	response  types.Response
	assertion types.Assertion
	answer    Answer
	found     []auth.Step // about the person
}

// Read verifies a response, as it was posted. Errors: "saml_refused", "saml_expired", "saml_unsolicited", "provider_unreachable". The steps that were taken are returned with an error, too.
func (s *Service) Read(ctx context.Context, site Site, encoded string) (Answer, error) {
	p, err := s.open(ctx, site)
	r := &reading{party: p, service: s}
	if err != nil {
		r.step("metadata", "", err)
		return r.answer, err
	}
	r.step("metadata", fmt.Sprintf("%s, %d certificates", p.provider.Entity, len(p.provider.Certificates)), nil)
	for _, do := range []struct {
		name string
		run  func(context.Context) (string, error)
	}{
		{"response", func(context.Context) (string, error) { return r.message(encoded) }},
		{"signature", r.signatures},
		{"audience", r.audience},
		{"time", r.time},
		{"in_response_to", r.request},
		{"subject", r.person},
		{"replay", r.once},
	} {
		detail, err := guarded(ctx, do.run)
		if err != nil && codeless(err) {
			err = refused("%w", err)
		}
		r.step(do.name, detail, err)
		if err != nil {
			return r.answer, err
		}
	}
	r.answer.Steps = append(r.answer.Steps, r.found...)
	return r.answer, nil
}

// guarded makes a fault of a parser a refusal.
func guarded(ctx context.Context, run func(context.Context) (string, error)) (detail string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the message cannot be read: %v", p)
		}
	}()
	return run(ctx)
}

func (r *reading) step(name, detail string, err error) {
	step := auth.Step{Name: name, OK: err == nil, Detail: detail}
	if err != nil {
		step.Detail = reasonOf(err)
	}
	r.answer.Steps = append(r.answer.Steps, step)
}

// message unpacks the response, and looks at its shape.
func (r *reading) message(encoded string) (string, error) {
	raw, err := unpack(encoded, r.service.opt.Bytes)
	if err != nil {
		return "", err
	}
	if r.root, err = parse(raw, r.service.opt.Bytes); err != nil {
		return "", err
	}
	if r.el, err = checkResponse(r.root); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d bytes", len(raw)), nil
}

// unpack undoes base64, in which some providers break lines.
func unpack(encoded string, most int) ([]byte, error) {
	if len(encoded) > most/3*4+most/32 {
		return nil, fmt.Errorf("the message is larger than %d bytes", most)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(encoded), ""))
	if err != nil {
		return nil, fmt.Errorf("the message is not in base64: %w", err)
	}
	if len(raw) == 0 {
		return nil, errors.New("the message is empty")
	}
	return raw, nil
}

// signatures verifies every signature that there is, and has only what is signed be read: from now on root (where the response
// is signed as a whole) and el are what the provider has signed, made anew from the signed bytes.
func (r *reading) signatures(context.Context) (string, error) {
	verified, err := signed(r.root, r.provider.Certificates, r.now)
	switch {
	case err == nil:
		r.root, r.whole = verified, true
		if r.el, err = checkResponse(r.root); err != nil {
			return "", err
		}
	case !errors.Is(err, errUnsigned):
		return "", fmt.Errorf("the response: %w", err)
	}
	if err := r.decrypt(); err != nil {
		return "", err
	}
	if err := checkAssertion(r.el); err != nil {
		return "", err
	}
	verified, err = signed(r.el, r.provider.Certificates, r.now)
	switch {
	case err == nil:
		r.el = verified
	case !errors.Is(err, errUnsigned):
		return "", fmt.Errorf("the assertion: %w", err)
	case !r.whole:
		return "", errors.New("neither the response nor its assertion is signed")
	}
	if err := decode(r.root, &r.response); err != nil {
		return "", err
	}
	r.response.EncryptedAssertions, r.response.Assertions = nil, nil
	if err := decode(r.el, &r.assertion); err != nil {
		return "", err
	}
	return map[bool]string{true: "response", false: "assertion"}[r.whole] + map[bool]string{true: ", encrypted"}[r.sealed], nil
}

// decrypt puts the assertion into the place of what it is encrypted in. Why it cannot be is said in the log alone, and the answer
// is the same as for any other forgery, so that nobody can find out a text by asking again and again.
func (r *reading) decrypt() error {
	if is(r.el, nsAssertion, "Assertion") {
		if r.settings.RequireEncryption {
			return errors.New("the assertion is not encrypted, and the connection's settings require it")
		}
		return nil
	}
	once := counted{nsEncrypted, 1, 1}
	if err := children(r.el, map[string]counted{"EncryptedData": once, "EncryptedKey": {nsEncrypted, 0, 1}}); err != nil {
		return err
	}
	var e types.EncryptedAssertion
	if err := decode(r.el, &e); err != nil {
		return err
	}
	for _, key := range []*types.EncryptedKey{&e.EncryptedKey, &e.DetEncryptedKey} {
		key.X509Data = "" // for which key it was made is tried, not read
		key.CipherValue = strings.Join(strings.Fields(key.CipherValue), "")
		if key.EncryptionMethod.Algorithm == types.MethodRSAv1_5 {
			return errors.New("the key is encrypted by RSA 1.5, which can be broken: have the provider use RSA-OAEP")
		}
	}
	if e.EncryptionMethod.Algorithm == types.MethodTripleDESCBC {
		return errors.New("the assertion is encrypted by Triple DES, which is too weak: have the provider use AES")
	}
	e.CipherValue = strings.Join(strings.Fields(e.CipherValue), "")
	plain, err := e.DecryptBytes(&tls.Certificate{Certificate: [][]byte{r.pair.Certificate}, PrivateKey: r.pair.Key})
	if err != nil {
		return fmt.Errorf("the assertion cannot be decrypted: %w; has the provider our current metadata?", err)
	}
	inner, err := parse(plain, r.service.opt.Bytes)
	if err != nil {
		return fmt.Errorf("what is encrypted: %w", err)
	}
	at := r.el.Index()
	r.root.RemoveChildAt(at)
	r.root.InsertChildAt(at, inner)
	r.el, r.sealed = inner, true
	return checkTree(r.root, r.root, inner)
}

// audience finds out whether this is for us, and from the provider: what the library checks, with its warnings as errors.
func (r *reading) audience(context.Context) (string, error) {
	sp, err := r.library()
	if err != nil {
		return "", err
	}
	if r.response.Destination == "" {
		return "", errors.New("the response does not say for which address it is made (Destination)")
	}
	whole := r.response
	whole.Assertions = []types.Assertion{r.assertion}
	if err := r.notLate(); err != nil { // before the library says the same in fewer words
		return "", err
	}
	if err := sp.Validate(&whole); err != nil {
		return "", fmt.Errorf("it is not for us, or not from the provider: %w", err)
	}
	warnings, err := sp.VerifyAssertionConditions(&r.assertion)
	if err != nil {
		return "", err
	}
	if len(r.assertion.Conditions.AudienceRestrictions) == 0 {
		return "", errors.New("the assertion does not say for whom it is made (AudienceRestriction)")
	}
	if warnings.NotInAudience {
		return "", fmt.Errorf("the assertion is made for %.200q, and we are %q: compare the entity id (audience) at the provider", r.audiences(), sp.AudienceURI)
	}
	return sp.AudienceURI, nil
}

// audiences are for whom the assertion is made, for the log.
func (r *reading) audiences() string {
	var all []string
	for _, restriction := range r.assertion.Conditions.AudienceRestrictions {
		for _, a := range restriction.Audiences {
			all = append(all, a.Value)
		}
	}
	return strings.Join(all, ", ")
}

// notLate finds out whether the subject is still confirmed.
func (r *reading) notLate() error {
	if r.assertion.Subject == nil || r.assertion.Subject.SubjectConfirmation == nil || r.assertion.Subject.SubjectConfirmation.SubjectConfirmationData == nil {
		return errors.New("the assertion does not confirm its subject")
	}
	data := r.assertion.Subject.SubjectConfirmation.SubjectConfirmationData
	return r.before(data.NotOnOrAfter, "the confirmation of the subject")
}

func (r *reading) before(text, what string) error {
	end, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return fmt.Errorf("%s has no proper end (%.40q)", what, text)
	}
	if !r.now.Before(end) {
		return errLate("%s was good until %s, and here it is %s: somebody was slow, or a clock is wrong",
			what, end.UTC().Format(time.RFC3339), r.now.UTC().Format(time.RFC3339))
	}
	return nil
}

// time finds out whether the assertion counts now. The provider's clock may be a little ahead of ours, and not behind.
func (r *reading) time(context.Context) (string, error) {
	c := r.assertion.Conditions
	begin, err := time.Parse(time.RFC3339, c.NotBefore)
	if err != nil {
		return "", fmt.Errorf("the assertion has no proper beginning (%.40q)", c.NotBefore)
	}
	if r.now.Add(r.service.opt.Skew).Before(begin) {
		return "", errLate("the assertion counts from %s only, and here it is %s: compare the clocks of both machines",
			begin.UTC().Format(time.RFC3339), r.now.UTC().Format(time.RFC3339))
	}
	if err := r.before(c.NotOnOrAfter, "the assertion"); err != nil {
		return "", err
	}
	if end := r.assertion.AuthnStatement.SessionNotOnOrAfter; end != nil && !r.now.Before(*end) {
		return "", errLate("the session at the provider ended at %s", end.UTC().Format(time.RFC3339))
	}
	return c.NotBefore + " – " + c.NotOnOrAfter, nil
}

// request finds out which request of ours is answered. What is signed must say so.
func (r *reading) request(context.Context) (string, error) {
	inner := r.assertion.Subject.SubjectConfirmation.SubjectConfirmationData.InResponseTo
	if r.response.InResponseTo != inner {
		return "", fmt.Errorf("the response answers the request %.60q, and its assertion %.60q", r.response.InResponseTo, inner)
	}
	if inner == "" && !r.settings.AllowIdPInitiated {
		return "", errUnsolicited()
	}
	r.answer.Request = inner
	return inner, nil
}

// once makes sure that an assertion counts for one sign-in only.
func (r *reading) once(ctx context.Context) (string, error) {
	end, err := time.Parse(time.RFC3339, r.assertion.Conditions.NotOnOrAfter)
	if err != nil {
		return "", err
	}
	key := r.site.Connection.ID + " " + r.provider.Entity + " " + r.assertion.ID
	first, err := r.service.opt.Used.Use(ctx, "saml assertion "+key, end.Add(r.service.opt.Skew))
	if err == nil && !first {
		err = fmt.Errorf("the assertion %.60q was used before: somebody sent it a second time", r.assertion.ID)
	}
	return "", err
}

// Bound finds out whether the browser that brings an answer is the one that was sent to ask, and lets each request be answered
// once. Errors: "bad_state", "saml_refused".
func (s *Service) Bound(ctx context.Context, site Site, a Answer, kept Remembered) error {
	switch {
	case a.Request == "" || kept.Request == "":
		return because("bad_state", errors.New("this browser was not sent to the provider, or has been away for too long: it brings no cookie that waits"))
	case kept.Connection != site.Connection.ID:
		return because("bad_state", errors.New("this browser was sent to another provider"))
	case kept.Request != a.Request:
		return because("bad_state", fmt.Errorf("the answer is for another request (%.60q) than that of this browser (%.60q): another window, or somebody else's sign-in",
			a.Request, kept.Request))
	case !s.opt.Now().Before(kept.Until):
		return because("bad_state", fmt.Errorf("somebody took longer than %s to come back from the provider", s.opt.Pending))
	}
	first, err := s.opt.Used.Use(ctx, "saml request "+kept.Request, kept.Until.Add(time.Minute))
	if err == nil && !first {
		err = refused("the request %.60q was answered before", kept.Request)
	}
	return err
}
