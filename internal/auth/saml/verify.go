package saml

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"
)

var (
	// signatures and digests are those that count. SHA-1 can be forged.
	signatures = []string{dsig.RSASHA256SignatureMethod, dsig.RSASHA384SignatureMethod, dsig.RSASHA512SignatureMethod}
	digests    = []string{
		"http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#sha384", "http://www.w3.org/2001/04/xmlenc#sha512",
	}
	canonicals = []string{
		string(dsig.CanonicalXML10ExclusiveAlgorithmId), string(dsig.CanonicalXML10RecAlgorithmId), string(dsig.CanonicalXML11AlgorithmId),
	}
)

// errUnsigned says that an element has no signature of its own.
var errUnsigned = errors.New("it is not signed")

// signed verifies the signature of an element and returns what was signed, read again from the bytes whose digest it is. Nothing
// may be read from el afterwards. Only the certificates given count: what a message says about its key is not listened to.
func signed(el *etree.Element, certificates []*x509.Certificate, now time.Time) (_ *etree.Element, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the signature cannot be read: %v", p)
		}
	}()
	parent, err := etreeutils.NSBuildParentContext(el)
	if err != nil {
		return nil, err
	}
	alone, err := etreeutils.NSDetatch(parent, el)
	if err != nil {
		return nil, err
	}
	signature := child(alone, dsig.Namespace, "Signature")
	if signature == nil {
		return nil, errUnsigned
	}
	if err := checkSignature(signature, id(alone)); err != nil {
		return nil, err
	}
	claimed := claimedCertificate(signature)
	if info := child(signature, dsig.Namespace, "KeyInfo"); info != nil {
		signature.RemoveChild(info)
	}
	var failed []string
	for _, c := range certificates {
		if now.Before(c.NotBefore) || now.After(c.NotAfter) {
			failed = append(failed, fmt.Sprintf("%s is good from %s to %s only", nameOf(c), c.NotBefore.Format(time.DateOnly), c.NotAfter.Format(time.DateOnly)))
			continue
		}
		check := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{c}})
		check.Clock = dsig.NewFakeClockAt(now)
		found, err := check.Validate(alone)
		if err == nil {
			return same(found, alone)
		}
		failed = append(failed, fmt.Sprintf("with %s: %v", nameOf(c), err))
	}
	if claimed != "" {
		failed = append(failed, "the message says that it was signed with "+claimed)
	}
	return nil, fmt.Errorf("the signature is not one of the provider's, or something was changed after signing (%s)", strings.Join(failed, "; "))
}

// same makes sure that what was verified is the element that was asked about.
func same(found, asked *etree.Element) (*etree.Element, error) {
	if found == nil || found.Tag != asked.Tag || found.NamespaceURI() != asked.NamespaceURI() || id(found) != id(asked) {
		return nil, errors.New("what is signed is another element than the one that is read")
	}
	return found, nil
}

// checkSignature looks at the shape of a signature: that it is about the element which holds it, by its identifier, and made by
// methods that count.
func checkSignature(signature *etree.Element, about string) error {
	one := counted{dsig.Namespace, 1, 1}
	if err := children(signature, map[string]counted{"SignedInfo": one, "SignatureValue": one, "KeyInfo": {dsig.Namespace, 0, 1}}); err != nil {
		return err
	}
	info := child(signature, dsig.Namespace, "SignedInfo")
	if err := children(info, map[string]counted{"CanonicalizationMethod": one, "SignatureMethod": one, "Reference": one}); err != nil {
		return err
	}
	reference := child(info, dsig.Namespace, "Reference")
	if err := children(reference, map[string]counted{"Transforms": one, "DigestMethod": one, "DigestValue": one}); err != nil {
		return err
	}
	if got := attr(reference, "URI"); got != "#"+about {
		return fmt.Errorf("the signature is about %.60q, and not about the element that holds it (%.60q)", got, "#"+about)
	}
	transforms := child(reference, dsig.Namespace, "Transforms").ChildElements()
	if len(transforms) != 2 || attr(transforms[0], "Algorithm") != string(dsig.EnvelopedSignatureAltorithmId) {
		return errors.New("the signature has other transforms than the two that SAML allows")
	}
	for _, m := range []struct {
		what    string
		el      *etree.Element
		allowed []string
	}{
		{"the transform", transforms[1], canonicals},
		{"the canonical form", child(info, dsig.Namespace, "CanonicalizationMethod"), canonicals},
		{"the signature", child(info, dsig.Namespace, "SignatureMethod"), signatures},
		{"the digest", child(reference, dsig.Namespace, "DigestMethod"), digests},
	} {
		if got := attr(m.el, "Algorithm"); !slices.Contains(m.allowed, got) {
			return fmt.Errorf("%s is made by %.100q, which is not accepted%s", m.what, got, weak(got))
		}
	}
	return nil
}

func weak(method string) string {
	if strings.HasSuffix(method, "sha1") {
		return ": SHA-1 can be forged; have the provider sign with RSA-SHA256"
	}
	return ""
}

// claimedCertificate names the certificate that a signature says it was made with, for the log alone.
func claimedCertificate(signature *etree.Element) string {
	found := signature.FindElement("./KeyInfo/X509Data/X509Certificate")
	if found == nil {
		return ""
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(found.Text()), ""))
	if err != nil {
		return ""
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return ""
	}
	return nameOf(c)
}

// nameOf names a certificate as administrators compare them.
func nameOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return fmt.Sprintf("certificate %.80q (SHA-256 %s…)", c.Subject.CommonName, strings.ToUpper(hex.EncodeToString(sum[:6])))
}
