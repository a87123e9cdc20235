package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	"github.com/beevik/etree"
	saml2 "github.com/russellhaering/gosaml2"
	dsig "github.com/russellhaering/goxmldsig"
)

// Outgoing is a message on its way through the browser: an address to redirect to, or with Fields a form to post there.
type Outgoing struct {
	URL    string
	Fields map[string]string
}

// send packs a message for an endpoint. kind is "SAMLRequest" or "SAMLResponse".
func (p party) send(kind string, message *etree.Element, to Endpoint, relay string, sign bool) (Outgoing, error) {
	sp, err := p.library()
	if err != nil {
		return Outgoing{}, err
	}
	if to.Binding == Post {
		return post(sp, kind, message, to, relay, sign)
	}
	packed, err := deflate(message)
	if err != nil {
		return Outgoing{}, err
	}
	query := kind + "=" + url.QueryEscape(packed)
	if relay != "" {
		query += "&RelayState=" + url.QueryEscape(relay)
	}
	if sign { // in exactly this order: some providers verify the address as it stands
		query += "&SigAlg=" + url.QueryEscape(dsig.RSASHA256SignatureMethod)
		signature, err := sp.SigningContext().SignString(query)
		if err != nil {
			return Outgoing{}, err
		}
		query += "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature))
	}
	separator := "?"
	if strings.Contains(to.Location, "?") {
		separator = "&"
	}
	return Outgoing{URL: to.Location + separator + query}, nil
}

func post(sp *saml2.SAMLServiceProvider, kind string, message *etree.Element, to Endpoint, relay string, sign bool) (Outgoing, error) {
	if sign {
		if len(message.Child) == 0 {
			return Outgoing{}, errors.New("there is nothing to sign")
		}
		var err error
		if message, err = sp.SignAuthnRequest(message); err != nil { // the same for every kind of message
			return Outgoing{}, err
		}
	}
	doc := etree.NewDocument()
	doc.SetRoot(message)
	data, err := doc.WriteToBytes()
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{URL: to.Location, Fields: map[string]string{kind: base64.StdEncoding.EncodeToString(data)}}
	if relay != "" {
		out.Fields["RelayState"] = relay
	}
	return out, nil
}

func deflate(message *etree.Element) (string, error) {
	doc := etree.NewDocument()
	doc.SetRoot(message)
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := doc.WriteTo(w); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(out.Bytes()), nil
}
