package saml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/beevik/etree"
	rtvalidator "github.com/mattermost/xml-roundtrip-validator"
)

// What a document may hold. Messages of real providers are far below.
const (
	mostTokens     = 20_000
	mostDepth      = 32
	mostAttributes = 32
)

// parse reads a document that can only be understood in one way: XML without a DOCTYPE, entities, comments and instructions to
// programs, whose elements have no attribute twice and which Go's parsers write as they have read it.
func parse(raw []byte, most int) (root *etree.Element, err error) {
	defer func() { // parsers meet what strangers send: a fault of theirs must be no more than a refusal
		if p := recover(); p != nil {
			root, err = nil, fmt.Errorf("the XML cannot be read: %v", p)
		}
	}()
	switch {
	case len(raw) > most:
		return nil, fmt.Errorf("the message has %d bytes, which is more than %d", len(raw), most)
	case !utf8.Valid(raw):
		return nil, errors.New("the message is not in UTF-8")
	case !bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n\ufeff"), []byte("<")):
		return nil, errors.New("the message is no XML")
	}
	if err := scan(raw); err != nil {
		return nil, err
	}
	if err := rtvalidator.Validate(bytes.NewReader(raw)); err != nil {
		return nil, fmt.Errorf("the XML can be understood in more than one way: %w", err)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(raw); err != nil {
		return nil, fmt.Errorf("the XML cannot be read: %w", err)
	}
	if doc.Root() == nil {
		return nil, errors.New("the XML has no element")
	}
	return doc.Root(), nil
}

// scan looks at each token, before anything is built of them.
func scan(raw []byte) error {
	d := xml.NewDecoder(bytes.NewReader(raw))
	depth, roots := 0, 0
	for n := 0; ; n++ {
		if n > mostTokens {
			return fmt.Errorf("the XML has more than %d parts", mostTokens)
		}
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("the XML cannot be read: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth > mostDepth {
				return fmt.Errorf("the XML is nested more than %d deep", mostDepth)
			}
			if depth == 1 {
				roots++
			}
			if err := scanAttributes(token); err != nil {
				return err
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 && len(bytes.TrimSpace(bytes.TrimPrefix(token, []byte("\ufeff")))) > 0 {
				return errors.New("there is text outside of the XML")
			}
		case xml.Comment:
			return errors.New("the XML has a comment in it: comments are a way to have a name read by halves")
		case xml.Directive:
			return errors.New("the XML has a DOCTYPE or another declaration in it, which no message of SAML needs")
		case xml.ProcInst:
			if token.Target != "xml" || n > 0 {
				return fmt.Errorf("the XML has an instruction for a program in it (%.40q)", token.Target)
			}
		}
	}
	if roots != 1 {
		return fmt.Errorf("the message has %d documents, not one", roots)
	}
	return nil
}

func scanAttributes(e xml.StartElement) error {
	if len(e.Attr) > mostAttributes {
		return fmt.Errorf("an element has more than %d attributes", mostAttributes)
	}
	seen := map[xml.Name]bool{}
	for _, a := range e.Attr {
		if seen[a.Name] {
			return fmt.Errorf("the element %.40q has the attribute %.40q twice", e.Name.Local, a.Name.Local)
		}
		seen[a.Name] = true
	}
	return nil
}

// decode reads an element into one of the library's structures, from the very bytes that the element is.
func decode(el *etree.Element, into any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the XML cannot be read: %v", p)
		}
	}()
	doc := etree.NewDocument()
	doc.SetRoot(el.Copy())
	data, err := doc.WriteToBytes()
	if err != nil {
		return err
	}
	return xml.Unmarshal(data, into)
}

// is reports whether an element has a name of a namespace.
func is(el *etree.Element, namespace, name string) bool {
	return el.Tag == name && el.NamespaceURI() == namespace
}

// id is the identifier of an element: its attribute ID, without any prefix.
func id(el *etree.Element) string {
	for _, a := range el.Attr {
		if a.Space == "" && a.Key == "ID" {
			return a.Value
		}
	}
	return ""
}

// attr is an attribute without prefix.
func attr(el *etree.Element, key string) string {
	for _, a := range el.Attr {
		if a.Space == "" && a.Key == key {
			return a.Value
		}
	}
	return ""
}

// isID reports whether an attribute could be taken for an identifier, by whatever program.
func isID(a etree.Attr) bool { return a.Space != "xmlns" && strings.EqualFold(a.Key, "id") }
