package samltest

import (
	"bytes"
	"compress/flate"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// Forgery makes a response that must be refused.
type Forgery struct {
	Name string
	Make func(f Forge) string // as it is posted
	Want string               // what the reason in the log says
}

// Forge is what forgeries are made with: the provider (what it signs is a genuine signature), what it would say, the certificate
// that assertions are encrypted for, and a stranger with a key of their own.
type Forge struct {
	IdP      *IdP
	Stranger *IdP
	Saying   Saying
	Ours     []byte
	Before   string // a genuine response that was used
}

// Victim is whom forgers want to be.
const Victim = "victim"

// Forgeries are all of them.
func Forgeries() []Forgery {
	all := append(signatureForgeries(), wrappings()...)
	all = append(all, wrongForgeries()...)
	all = append(all, cipherForgeries()...)
	return append(all, xmlForgeries()...)
}

// genuine is the provider's response, to be changed.
func (f Forge) genuine(change func(*Saying)) *etree.Element {
	s := f.Saying
	if change != nil {
		change(&s)
	}
	return f.IdP.response(s)
}

func text(root *etree.Element) string {
	doc := etree.NewDocument()
	doc.SetRoot(root)
	return string(must(doc.WriteToBytes()))
}

func post(root *etree.Element) string { return Encode([]byte(text(root))) }

// edited is a genuine response with its text changed: exactly one place has to be there for it.
func (f Forge) edited(change func(*Saying), old, with string) string {
	whole := text(f.genuine(change))
	if !strings.Contains(whole, old) {
		panic("there is no " + old + " to be replaced in " + whole)
	}
	return Encode([]byte(strings.Replace(whole, old, with, 1)))
}

func both(s *Saying)          { s.Response, s.Assertion = true, true }
func responseOnly(s *Saying)  { s.Response, s.Assertion = true, false }
func assertionOnly(s *Saying) { s.Response, s.Assertion = false, true }
func unsigned(s *Saying)      { s.Response, s.Assertion = false, false }

func find(root *etree.Element, path string) *etree.Element {
	el := root.FindElement(path)
	if el == nil {
		panic("there is no " + path)
	}
	return el
}

func remove(el *etree.Element) *etree.Element {
	el.Parent().RemoveChild(el)
	return el
}

// asVictim makes an assertion be about somebody else.
func asVictim(assertion *etree.Element) *etree.Element {
	find(assertion, "./Subject/NameID").SetText(Victim)
	return assertion
}

func signatureForgeries() []Forgery {
	changed := "something was changed after signing"
	return []Forgery{
		{"unsigned", func(f Forge) string { return post(f.genuine(unsigned)) }, "neither the response nor its assertion is signed"},
		{"signature stripped", func(f Forge) string {
			root := f.genuine(assertionOnly)
			remove(find(root, "./Assertion/Signature"))
			return post(root)
		}, "neither the response nor its assertion is signed"},
		{"both signatures stripped", func(f Forge) string {
			root := f.genuine(both)
			remove(find(root, "./Signature"))
			remove(find(root, "./Assertion/Signature"))
			return post(root)
		}, "neither the response nor its assertion is signed"},
		{"signature empty", func(f Forge) string {
			root := f.genuine(assertionOnly)
			find(root, "./Assertion/Signature/SignatureValue").SetText("")
			return post(root)
		}, changed},
		{"signature without what is signed", func(f Forge) string {
			root := f.genuine(assertionOnly)
			remove(find(root, "./Assertion/Signature/SignedInfo"))
			return post(root)
		}, "holds 0 of SignedInfo"},
		{"two of what is signed", func(f Forge) string {
			root := f.genuine(assertionOnly)
			signature := find(root, "./Assertion/Signature")
			signature.AddChild(find(signature, "./SignedInfo").Copy())
			return post(root)
		}, "holds 2 of SignedInfo"},
		{"two signatures", func(f Forge) string {
			root := f.genuine(assertionOnly)
			assertion := find(root, "./Assertion")
			assertion.AddChild(find(assertion, "./Signature").Copy())
			return post(root)
		}, "holds 2 of Signature"},
		{"name altered, response signed", func(f Forge) string {
			root := f.genuine(responseOnly)
			asVictim(find(root, "./Assertion"))
			return post(root)
		}, changed},
		{"name altered, assertion signed", func(f Forge) string {
			root := f.genuine(assertionOnly)
			asVictim(find(root, "./Assertion"))
			return post(root)
		}, changed},
		{"attribute altered", func(f Forge) string { return f.edited(assertionOnly, ">staff<", ">admins<") }, changed},
		{"attribute added", func(f Forge) string {
			root := f.genuine(both)
			statement := find(root, "./Assertion/AttributeStatement")
			a := statement.CreateElement("saml:Attribute")
			a.CreateAttr("Name", "groups")
			a.CreateElement("saml:AttributeValue").SetText("admins")
			return post(root)
		}, changed},
		{"digest altered", func(f Forge) string {
			root := f.genuine(assertionOnly)
			find(root, "./Assertion/Signature/SignedInfo/Reference/DigestValue").SetText(Encode(bytes.Repeat([]byte{1}, 32)))
			return post(root)
		}, changed},
		{"a stranger's signature, with their certificate in KeyInfo", func(f Forge) string {
			s := f.Saying
			s.Issuer, s.Response, s.Assertion = f.IdP.Entity, true, true
			return post(f.Stranger.response(s))
		}, "the message says that it was signed with certificate"},
		{"a stranger's signature, with the provider's certificate in KeyInfo", func(f Forge) string {
			s := f.Saying
			s.Issuer, s.Assertion = f.IdP.Entity, true
			root := f.Stranger.response(s)
			find(root, "./Assertion/Signature/KeyInfo/X509Data/X509Certificate").SetText(Encode(f.IdP.DER))
			return post(root)
		}, changed},
		{"a stranger's signature, without KeyInfo", func(f Forge) string {
			s := f.Saying
			s.Issuer, s.Assertion = f.IdP.Entity, true
			root := f.Stranger.response(s)
			remove(find(root, "./Assertion/Signature/KeyInfo"))
			return post(root)
		}, changed},
		{"a stranger's response around a genuine assertion", func(f Forge) string {
			root := f.genuine(assertionOnly)
			f.Stranger.Sign(root, "")
			return post(root)
		}, changed},
		{"a stranger's assertion in a genuine response", func(f Forge) string {
			root := f.genuine(unsigned)
			f.Stranger.Sign(find(root, "./Assertion"), "")
			f.IdP.Sign(root, "")
			return post(root)
		}, "the assertion: the signature is not one of the provider's"},
		{"SHA-1", func(f Forge) string {
			return post(f.genuine(func(s *Saying) { both(s); s.Method = dsig.RSASHA1SignatureMethod }))
		}, "SHA-1 can be forged"},
		{"SHA-1 for the signature alone", func(f Forge) string {
			return f.edited(assertionOnly, dsig.RSASHA256SignatureMethod, dsig.RSASHA1SignatureMethod)
		}, "the signature is made by"},
		{"SHA-1 for the digest alone", func(f Forge) string {
			return f.edited(assertionOnly, "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1")
		}, "the digest is made by"},
		{"HMAC with the certificate as its key", func(f Forge) string {
			return f.edited(assertionOnly, dsig.RSASHA256SignatureMethod, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
		}, "which is not accepted"},
		{"no method", func(f Forge) string { return f.edited(assertionOnly, dsig.RSASHA256SignatureMethod, "") }, "which is not accepted"},
		{"a transform that takes all away", func(f Forge) string {
			return f.edited(assertionOnly, string(dsig.EnvelopedSignatureAltorithmId), "http://www.w3.org/TR/1999/REC-xpath-19991116")
		}, "other transforms"},
		{"one more transform", func(f Forge) string {
			root := f.genuine(assertionOnly)
			transforms := find(root, "./Assertion/Signature/SignedInfo/Reference/Transforms")
			transforms.CreateElement("ds:Transform").CreateAttr("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")
			return post(root)
		}, "other transforms"},
		{"canonical form with comments", func(f Forge) string {
			return f.edited(assertionOnly, `"`+string(dsig.CanonicalXML10ExclusiveAlgorithmId)+`"`, `"`+string(dsig.CanonicalXML10ExclusiveWithCommentsAlgorithmId)+`"`)
		}, "the canonical form is made by"},
		{"reference to nothing", func(f Forge) string {
			root := f.genuine(assertionOnly)
			find(root, "./Assertion/Signature/SignedInfo/Reference").CreateAttr("URI", "")
			return post(root)
		}, "the signature is about"},
		{"reference to the response, in the assertion", func(f Forge) string {
			root := f.genuine(assertionOnly)
			find(root, "./Assertion/Signature/SignedInfo/Reference").CreateAttr("URI", "#"+root.SelectAttrValue("ID", ""))
			return post(root)
		}, "the signature is about"},
		{"reference by XPointer", func(f Forge) string {
			root := f.genuine(assertionOnly)
			reference := find(root, "./Assertion/Signature/SignedInfo/Reference")
			reference.CreateAttr("URI", "#xpointer(/)")
			return post(root)
		}, "the signature is about"},
		{"two references", func(f Forge) string {
			root := f.genuine(assertionOnly)
			info := find(root, "./Assertion/Signature/SignedInfo")
			info.AddChild(find(info, "./Reference").Copy())
			return post(root)
		}, "holds 2 of Reference"},
		{"response signed, another assertion swapped in", func(f Forge) string {
			root := f.genuine(both)
			remove(find(root, "./Assertion"))
			root.AddChild(remove(asVictim(find(f.genuine(unsigned), "./Assertion"))))
			return post(root)
		}, changed},
		{"response signed, a genuine assertion for another request swapped in", func(f Forge) string {
			root := f.genuine(both)
			remove(find(root, "./Assertion"))
			root.AddChild(remove(find(f.genuine(func(s *Saying) { assertionOnly(s); s.Request = "_another" }), "./Assertion")))
			return post(root)
		}, changed},
	}
}

func wrongForgeries() []Forgery {
	// signed says something wrong, with genuine signatures: as another service at the same provider could get it.
	signed := func(change func(*Saying)) func(Forge) string {
		return func(f Forge) string {
			return post(f.genuine(func(s *Saying) { both(s); change(s) }))
		}
	}
	return []Forgery{
		{"replay", func(f Forge) string { return f.Before }, "was used before"},
		{"wrong destination", signed(func(s *Saying) { s.Mark = "https://elsewhere.example/acs" }), "Destination"},
		{"destination of another connection", signed(func(s *Saying) { s.Mark = strings.Replace(s.ACS, "/acs", "x/acs", 1) }), "Destination"},
		{"no destination", func(f Forge) string {
			root := f.genuine(unsigned)
			root.RemoveAttr("Destination")
			f.IdP.Sign(root, "")
			return post(root)
		}, "does not say for which address"},
		{"wrong recipient", signed(func(s *Saying) { s.Mark, s.ACS = s.ACS, "https://elsewhere.example/acs" }), "Recipient"},
		{"no recipient", signed(func(s *Saying) { s.NoRecipient = true }), "Recipient"},
		{"wrong audience", signed(func(s *Saying) { s.Audience = "https://elsewhere.example" }), "compare the entity id"},
		{"no audience", signed(func(s *Saying) { s.Audience = "" }), "does not say for whom it is made"},
		{"wrong issuer", signed(func(s *Saying) { s.Issuer = "https://stranger.example" }), "not from the provider"},
		{"wrong issuer of the assertion alone", func(f Forge) string {
			root := f.genuine(unsigned)
			find(root, "./Assertion/Issuer").SetText("https://stranger.example")
			f.IdP.Sign(root, "")
			return post(root)
		}, "not from the provider"},
		{"expired", signed(func(s *Saying) { s.Now = s.Now.Add(-time.Hour) }), "was good until"},
		{"not yet valid", signed(func(s *Saying) { s.Now = s.Now.Add(time.Hour) }), "counts from"},
		{"session over", signed(func(s *Saying) { s.Session = s.Now.Add(-time.Minute) }), "the session at the provider ended"},
		{"no times", func(f Forge) string {
			root := f.genuine(unsigned)
			find(root, "./Assertion/Conditions").RemoveAttr("NotOnOrAfter")
			f.IdP.Sign(root, "")
			return post(root)
		}, "NotOnOrAfter"},
		{"another request", signed(func(s *Saying) { s.Request = "_0123456789" }), "brings no cookie that waits"},
		{"no request", signed(func(s *Saying) { s.Request = "" }), "we had not sent there"},
		{"no request in what is signed", func(f Forge) string {
			root := f.genuine(func(s *Saying) { assertionOnly(s); s.Request = "" })
			root.CreateAttr("InResponseTo", f.Saying.Request)
			return post(root)
		}, "and its assertion"},
		{"another request in what is signed", func(f Forge) string {
			root := f.genuine(func(s *Saying) { assertionOnly(s); s.Request = "_somebodyelse" })
			root.CreateAttr("InResponseTo", f.Saying.Request)
			return post(root)
		}, "and its assertion"},
		{"the provider refuses", func(f Forge) string {
			root := f.genuine(unsigned)
			find(root, "./Status/StatusCode").CreateAttr("Value", "urn:oasis:names:tc:SAML:2.0:status:Requester")
			f.IdP.Sign(root, "")
			return post(root)
		}, "the provider itself refused"},
		{"holder of key", func(f Forge) string {
			root := f.genuine(unsigned)
			find(root, "./Assertion/Subject/SubjectConfirmation").CreateAttr("Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")
			f.IdP.Sign(root, "")
			return post(root)
		}, "bearer"},
		{"SAML 1.1", func(f Forge) string {
			root := f.genuine(unsigned)
			root.CreateAttr("Version", "1.1")
			f.IdP.Sign(root, "")
			return post(root)
		}, "version"},
		{"a name of another each time", signed(func(s *Saying) { s.Format = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient" }), "transient"},
		{"no name", signed(func(s *Saying) { s.Name = "" }), "the name of a person"},
	}
}

func deflated(data []byte) []byte {
	var out bytes.Buffer
	w := must(flate.NewWriter(&out, flate.BestCompression))
	must(w.Write(data))
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}
