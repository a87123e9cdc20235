package saml

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// The namespaces of SAML.
const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsEncrypted = "http://www.w3.org/2001/04/xmlenc#"
)

// validID is what an identifier looks like.
var validID = regexp.MustCompile(`^[A-Za-z_][\w.-]{0,255}$`)

// checkTree looks through a whole document: identifiers are there once only, and what a person is read from stands in its one
// place. Wrapping a signed part into a forged document needs a second one somewhere. Home are the elements that may hold a
// signature themselves.
func checkTree(root *etree.Element, home ...*etree.Element) error {
	seen := map[string]bool{}
	var visit func(el *etree.Element) error
	visit = func(el *etree.Element) error {
		for _, a := range el.Attr {
			if !isID(a) {
				continue
			}
			if seen[a.Value] {
				return fmt.Errorf("two elements have the identifier %.60q", a.Value)
			}
			seen[a.Value] = true
		}
		switch el.Tag {
		case "Assertion", "EncryptedAssertion", "Response", "LogoutRequest", "LogoutResponse":
			if !slices.Contains(home, el) {
				return fmt.Errorf("a second %s is hidden inside of %s", el.Tag, parentTag(el))
			}
		case "Signature":
			if !slices.Contains(home, el.Parent()) {
				return fmt.Errorf("a signature is where none belongs, inside of %s", parentTag(el))
			}
		}
		for _, child := range el.ChildElements() {
			if err := visit(child); err != nil {
				return err
			}
		}
		return nil
	}
	return visit(root)
}

func parentTag(el *etree.Element) string {
	if el.Parent() == nil || el.Parent().Tag == "" {
		return "the document"
	}
	return el.Parent().Tag
}

// children counts what an element holds, and refuses what it may not: each name with the least and the most of it.
func children(el *etree.Element, allowed map[string]counted) error {
	counts := map[string]int{}
	for _, child := range el.ChildElements() {
		name := child.Tag
		c, ok := allowed[name]
		if !ok || child.NamespaceURI() != c.namespace {
			return fmt.Errorf("%s holds a %.40q, which does not belong there", el.Tag, name)
		}
		counts[name]++
	}
	for name, c := range allowed {
		if n := counts[name]; n < c.least || n > c.most {
			return fmt.Errorf("%s holds %d of %s, and it has to be %s", el.Tag, n, name, c)
		}
	}
	return nil
}

type counted struct {
	namespace   string
	least, most int
}

func (c counted) String() string {
	switch {
	case c.least == c.most:
		return fmt.Sprintf("exactly %d", c.most)
	case c.least == 0:
		return fmt.Sprintf("at most %d", c.most)
	}
	return fmt.Sprintf("%d to %d", c.least, c.most)
}

// child is the one child of that name, or nil.
func child(el *etree.Element, namespace, name string) *etree.Element {
	for _, c := range el.ChildElements() {
		if is(c, namespace, name) {
			return c
		}
	}
	return nil
}

// checkResponse looks at the shape of a response, and returns what it holds: one assertion, encrypted or not.
func checkResponse(root *etree.Element) (*etree.Element, error) {
	if !is(root, nsProtocol, "Response") {
		return nil, fmt.Errorf("the message is a %.40q, and not a Response", root.Tag)
	}
	if !validID.MatchString(id(root)) {
		return nil, fmt.Errorf("the response has no proper ID")
	}
	var found []*etree.Element
	for _, c := range root.ChildElements() {
		if is(c, nsAssertion, "Assertion") || is(c, nsAssertion, "EncryptedAssertion") {
			found = append(found, c)
		}
	}
	if len(found) > 1 {
		return nil, fmt.Errorf("the response holds %d assertions, and it has to be exactly one", len(found))
	}
	if err := checkTree(root, append(found, root)...); err != nil {
		return nil, err
	}
	err := children(root, map[string]counted{
		"Issuer": {nsAssertion, 0, 1}, "Signature": {dsig.Namespace, 0, 1}, "Status": {nsProtocol, 1, 1},
		"Assertion": {nsAssertion, 0, 1}, "EncryptedAssertion": {nsAssertion, 0, 1},
	})
	if err != nil {
		return nil, err
	}
	if err := checkStatus(root); err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("the response holds no assertion")
	}
	return found[0], nil
}

// checkAssertion looks at the shape of an assertion.
func checkAssertion(el *etree.Element) error {
	if !is(el, nsAssertion, "Assertion") {
		return fmt.Errorf("what is encrypted is a %.40q, and not an Assertion", el.Tag)
	}
	if !validID.MatchString(id(el)) {
		return fmt.Errorf("the assertion has no proper ID")
	}
	if err := checkTree(el, el); err != nil {
		return err
	}
	err := children(el, map[string]counted{
		"Issuer": {nsAssertion, 1, 1}, "Signature": {dsig.Namespace, 0, 1}, "Subject": {nsAssertion, 1, 1}, "Conditions": {nsAssertion, 1, 1},
		"Advice": {nsAssertion, 0, 1}, "AuthnStatement": {nsAssertion, 1, 1}, "AttributeStatement": {nsAssertion, 0, 1}, "AuthzDecisionStatement": {nsAssertion, 0, 1},
	})
	if err != nil {
		return err
	}
	subject := child(el, nsAssertion, "Subject")
	err = children(subject, map[string]counted{"NameID": {nsAssertion, 0, 1}, "SubjectConfirmation": {nsAssertion, 1, 1}})
	if err != nil {
		return err
	}
	for _, text := range []*etree.Element{child(el, nsAssertion, "Issuer"), child(subject, nsAssertion, "NameID")} {
		if text != nil && len(text.ChildElements()) > 0 {
			return fmt.Errorf("%s holds elements, and not just text", text.Tag)
		}
	}
	return children(child(subject, nsAssertion, "SubjectConfirmation"), map[string]counted{"SubjectConfirmationData": {nsAssertion, 1, 1}})
}

// checkStatus reads what the provider says of itself when it lets nobody in.
func checkStatus(root *etree.Element) error {
	status := child(root, nsProtocol, "Status")
	code := child(status, nsProtocol, "StatusCode")
	if code == nil {
		return fmt.Errorf("the response has no status")
	}
	value := attr(code, "Value")
	if value == "urn:oasis:names:tc:SAML:2.0:status:Success" {
		return nil
	}
	more := ""
	if inner := child(code, nsProtocol, "StatusCode"); inner != nil {
		more = " (" + attr(inner, "Value") + ")"
	}
	if message := child(status, nsProtocol, "StatusMessage"); message != nil {
		more += ": " + message.Text()
	}
	return fmt.Errorf("the provider itself refused: %.200s%.500s", value, more)
}
