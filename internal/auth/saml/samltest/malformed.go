package samltest

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"strings"
)

func cipherForgeries() []Forgery {
	// sealed puts something in the place of an encrypted assertion.
	sealed := func(key, data []byte, method, transport string) func(Forge) string {
		return func(f Forge) string {
			root := f.genuine(unsigned)
			remove(find(root, "./Assertion"))
			root.AddChild(wrap(key, data, f.Ours, method, transport))
			return post(root)
		}
	}
	key := bytes.Repeat([]byte{7}, 16)
	// cbc encrypts blocks as they are, whatever padding they end with.
	cbc := func(plain []byte) []byte {
		out := make([]byte, aes.BlockSize+len(plain))
		cipher.NewCBCEncrypter(must(aes.NewCipher(key)), out[:aes.BlockSize]).CryptBlocks(out[aes.BlockSize:], plain)
		return out
	}
	cannot := "cannot be decrypted"
	return []Forgery{
		{"encrypted, but not signed (GCM)", func(f Forge) string {
			return post(f.genuine(func(s *Saying) { unsigned(s); s.Encrypt = f.Ours }))
		}, "neither the response nor its assertion is signed"},
		{"encrypted, but not signed (CBC)", func(f Forge) string {
			return post(f.genuine(func(s *Saying) { unsigned(s); s.Encrypt, s.Cipher = f.Ours, CBC }))
		}, "neither the response nor its assertion is signed"},
		{"encrypted, signed by a stranger", func(f Forge) string {
			s := f.Saying
			s.Issuer, s.Assertion, s.Encrypt = f.IdP.Entity, true, f.Ours
			return post(f.Stranger.response(s))
		}, "not one of the provider's"},
		{"encrypted for somebody else", func(f Forge) string {
			return post(f.genuine(func(s *Saying) { assertionOnly(s); s.Encrypt = f.Stranger.DER }))
		}, cannot},
		{"CBC: nothing", sealed(key, nil, CBC, oaep), cannot},
		{"CBC: shorter than a block", sealed(key, []byte{1, 2, 3}, CBC, oaep), cannot},
		{"CBC: one block", sealed(key, make([]byte, 16), CBC, oaep), cannot},
		{"CBC: not whole blocks", sealed(key, make([]byte, 47), CBC, oaep), cannot},
		{"CBC: padding 0", sealed(key, cbc(make([]byte, 32)), CBC, oaep), cannot},
		{"CBC: padding larger than a block", sealed(key, cbc(bytes.Repeat([]byte{17}, 32)), CBC, oaep), cannot},
		{"CBC: padding larger than all", sealed(key, cbc(bytes.Repeat([]byte{255}, 16)), CBC, oaep), cannot},
		{"CBC: all of it padding", sealed(key, cbc(bytes.Repeat([]byte{16}, 16)), CBC, oaep), "what is encrypted"},
		{"CBC: something else than XML", sealed(key, cbc(append(bytes.Repeat([]byte("hello "), 5), 0, 2)), CBC, oaep), "what is encrypted"},
		{"GCM: nothing", sealed(key, nil, GCM, oaep), cannot},
		{"GCM: shorter than a nonce", sealed(key, []byte{1, 2, 3}, GCM, oaep), cannot},
		{"GCM: shorter than a tag", sealed(key, make([]byte, 20), GCM, oaep), cannot},
		{"GCM: altered", sealed(key, make([]byte, 80), GCM, oaep), cannot},
		{"a key of no length", sealed(nil, make([]byte, 48), GCM, oaep), cannot},
		{"a key of a wrong length", sealed([]byte("short"), make([]byte, 48), GCM, oaep), cannot},
		{"Triple DES", sealed(key, make([]byte, 48), "http://www.w3.org/2001/04/xmlenc#tripledes-cbc", oaep), "Triple DES"},
		{"a cipher that nobody knows", sealed(key, make([]byte, 48), "http://example.com/rot13", oaep), cannot},
		{"RSA 1.5", sealed(key, make([]byte, 48), GCM, rsa1), "RSA 1.5"},
		{"encrypted: a response", func(f Forge) string {
			root := f.genuine(unsigned)
			remove(find(root, "./Assertion"))
			root.AddChild(encryptBytes([]byte(text(f.genuine(both))), f.Ours, ""))
			return post(root)
		}, "is hidden inside of"},
		{"encrypted: an assertion around another", func(f Forge) string {
			root := f.genuine(unsigned)
			remove(find(root, "./Assertion"))
			signed := find(f.genuine(assertionOnly), "./Assertion")
			evil := forged(signed)
			evil.AddChild(signed.Copy())
			root.AddChild(encrypt(evil, f.Ours, ""))
			return post(root)
		}, "is hidden inside of Assertion"},
		{"encrypted: with a comment in it", func(f Forge) string {
			root := f.genuine(unsigned)
			remove(find(root, "./Assertion"))
			plain := strings.Replace(text(remove(find(f.genuine(assertionOnly), "./Assertion"))), ">somebody<", "><!-- -->somebody<", 1)
			root.AddChild(encryptBytes([]byte(plain), f.Ours, ""))
			return post(root)
		}, "comment"},
		{"encrypted: with a DOCTYPE", func(f Forge) string {
			root := f.genuine(unsigned)
			remove(find(root, "./Assertion"))
			root.AddChild(encryptBytes([]byte(`<!DOCTYPE a [<!ENTITY e "x">]>`+text(remove(find(f.genuine(assertionOnly), "./Assertion")))), f.Ours, ""))
			return post(root)
		}, "DOCTYPE"},
		{"encrypted: an encrypted assertion", func(f Forge) string {
			root := f.genuine(unsigned)
			remove(find(root, "./Assertion"))
			root.AddChild(encrypt(encrypt(remove(find(f.genuine(assertionOnly), "./Assertion")), f.Ours, ""), f.Ours, ""))
			return post(root)
		}, "not an Assertion"},
	}
}

func xmlForgeries() []Forgery {
	raw := func(text string) func(Forge) string { return func(Forge) string { return Encode([]byte(text)) } }
	before := func(prefix string) func(Forge) string {
		return func(f Forge) string { return Encode([]byte(prefix + text(f.genuine(both)))) }
	}
	return []Forgery{
		{"a comment in the name", func(f Forge) string { return f.edited(assertionOnly, ">somebody<", ">some<!-- -->body<") }, "comment"},
		{"a comment behind the victim's name", func(f Forge) string {
			root := f.genuine(func(s *Saying) { both(s); s.Name = Victim + ".evil.example" })
			return Encode([]byte(strings.Replace(text(root), Victim+".evil", Victim+"<!---->.evil", 1)))
		}, "comment"},
		{"a comment in an address", func(f Forge) string {
			return f.edited(both, ">somebody@example.com<", ">somebody@example.com<!-- -->.evil.example<")
		}, "comment"},
		{"an instruction in the name", func(f Forge) string { return f.edited(assertionOnly, ">somebody<", ">some<?x y?>body<") }, "instruction"},
		{"an element in the name", func(f Forge) string {
			root := f.genuine(unsigned)
			find(root, "./Assertion/Subject/NameID").CreateElement("b").SetText(Victim)
			f.IdP.Sign(root, "")
			return post(root)
		}, "NameID holds elements"},
		{"DOCTYPE", before(`<!DOCTYPE r>`), "DOCTYPE"},
		{"DOCTYPE behind a declaration", before(`<?xml version="1.0"?><!DOCTYPE r SYSTEM "http://127.0.0.1/x">`), "DOCTYPE"},
		{"an entity in the name", func(f Forge) string {
			return Encode([]byte(`<!DOCTYPE r [<!ENTITY who "` + Victim + `">]>` + strings.Replace(text(f.genuine(both)), ">somebody<", ">&who;<", 1)))
		}, "DOCTYPE"},
		{"a file as an entity", before(`<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>`), "DOCTYPE"},
		{"entities of entities", before(`<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`), "DOCTYPE"},
		{"an entity that is not there", func(f Forge) string { return f.edited(both, ">somebody<", ">&victim;<") }, "cannot be read"},
		{"an attribute twice", func(f Forge) string { return f.edited(unsigned, `Version="2.0"`, `Version="2.0" Version="2.0"`) }, "twice"},
		{"names that are read in two ways", func(f Forge) string { return f.edited(unsigned, `<saml:Subject>`, `<saml:Subject ::x="">`) }, "XML"},
		{"a second document", func(f Forge) string {
			whole := text(f.genuine(both))
			return Encode([]byte(whole + whole))
		}, "2 documents"},
		{"text around", before("hello "), "no XML"},
		{"UTF-16", raw("\xff\xfe<\x00a\x00/\x00>\x00"), "not in UTF-8"},
		{"another encoding", before(`<?xml version="1.0" encoding="ISO-8859-7"?>`), "cannot be read"},
		{"nothing", raw(""), "empty"},
		{"no XML", raw("hello"), "no XML"},
		{"XML that does not end", raw("<samlp:Response xmlns:samlp='urn:oasis:names:tc:SAML:2.0:protocol'>"), "cannot be read"},
		{"half of it", func(f Forge) string {
			whole := text(f.genuine(both))
			return Encode([]byte(whole[:len(whole)/2]))
		}, "cannot be read"},
		{"no base64", func(Forge) string { return "%%%% this is no base64 %%%%" }, "not in base64"},
		{"half of base64", func(f Forge) string { return post(f.genuine(both))[1:] }, "not in base64"},
		{"deflated, as in an address", func(f Forge) string { return Encode(deflated([]byte(text(f.genuine(both))))) }, "the message is no"},
		{"a bomb", func(Forge) string { return Encode(deflated(bytes.Repeat([]byte("<a>"), 1_000_000))) }, "the message is no"},
		{"nested deeply", raw(strings.Repeat("<a>", 20_000)), "nested"},
		{"many elements", raw("<a>" + strings.Repeat("<b/>", 30_000) + "</a>"), "parts"},
		{"many attributes", func(f Forge) string {
			return f.edited(unsigned, `Version="2.0"`, `Version="2.0" `+manyAttributes(200))
		}, "more than 32 attributes"},
		{"larger than a message may be", func(f Forge) string {
			return f.edited(unsigned, ">somebody<", ">"+strings.Repeat("x", 300<<10)+"<")
		}, "larger than"},
		{"larger than a form may be", raw("<a>" + strings.Repeat("x", 2<<20) + "</a>"), "larger than"},
		{"a page", raw("<!doctype html><html></html>"), "DOCTYPE"},
		{"a request to sign out", func(f Forge) string {
			return Encode([]byte(strings.ReplaceAll(text(f.genuine(both)), "samlp:Response", "samlp:LogoutRequest")))
		}, "not a Response"},
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(" x")
		b.WriteString(strings.Repeat("y", i+1))
		b.WriteString(`=""`)
	}
	return b.String()
}
