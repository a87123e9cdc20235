package samltest

import (
	"github.com/beevik/etree"
)

// wrappings are the eight ways of "On Breaking SAML: Be Whoever You Want to Be" (Somorovsky and others, 2012): what is signed stays
// whole and is put where only the verifier finds it, and what is read is the forger's.
func wrappings() []Forgery {
	return []Forgery{
		{"XSW 1: the signed response inside the signature of a forged one", func(f Forge) string {
			root, signature, signed := wrapResponse(f)
			signature.AddChild(signed)
			root.InsertChildAt(1, signature)
			return post(root)
		}, "is hidden inside of Signature"},
		{"XSW 2: the signed response beside the signature of a forged one", func(f Forge) string {
			root, signature, signed := wrapResponse(f)
			root.InsertChildAt(1, signature)
			root.InsertChildAt(1, signed)
			return post(root)
		}, "is hidden inside of Response"},
		{"XSW 3: a forged assertion before the signed one", func(f Forge) string {
			root := f.genuine(assertionOnly)
			signed := find(root, "./Assertion")
			root.InsertChildAt(signed.Index(), forged(signed))
			return post(root)
		}, "holds 2 assertions"},
		{"XSW 4: the signed assertion inside of a forged one", func(f Forge) string {
			root := f.genuine(assertionOnly)
			signed := find(root, "./Assertion")
			evil := forged(signed)
			root.InsertChildAt(signed.Index(), evil)
			evil.AddChild(remove(signed))
			return post(root)
		}, "is hidden inside of Assertion"},
		{"XSW 5: a forged assertion with the signature, the signed one at the end", func(f Forge) string {
			root, evil, _, signed := wrapAssertion(f)
			root.AddChild(evil)
			root.AddChild(signed)
			return post(root)
		}, "holds 2 assertions"},
		{"XSW 6: the signed assertion inside of the signature of a forged one", func(f Forge) string {
			root, evil, signature, signed := wrapAssertion(f)
			signature.AddChild(signed)
			root.AddChild(evil)
			return post(root)
		}, "is hidden inside of Signature"},
		{"XSW 7: a forged assertion in an extension", func(f Forge) string {
			root := f.genuine(assertionOnly)
			signed := find(root, "./Assertion")
			evil := forged(signed)
			evil.CreateAttr("ID", signed.SelectAttrValue("ID", ""))
			extensions := etree.NewElement("samlp:Extensions")
			extensions.AddChild(evil)
			root.InsertChildAt(signed.Index(), extensions)
			return post(root)
		}, "is hidden inside of Extensions"},
		{"XSW 8: the signed assertion as an object of the signature of a forged one", func(f Forge) string {
			root, evil, signature, signed := wrapAssertion(f)
			signature.CreateElement("ds:Object").AddChild(signed)
			root.AddChild(evil)
			return post(root)
		}, "is hidden inside of Object"},
		{"the identifier of the signed assertion twice", func(f Forge) string {
			root := f.genuine(assertionOnly)
			signed := find(root, "./Assertion")
			find(signed, "./Subject").CreateAttr("ID", signed.SelectAttrValue("ID", ""))
			return post(root)
		}, "two elements have the identifier"},
		{"an identifier with a prefix before the real one", func(f Forge) string {
			root := f.genuine(assertionOnly)
			root.CreateAttr("saml:ID", find(root, "./Assertion").SelectAttrValue("ID", ""))
			return post(root)
		}, "two elements have the identifier"},
		{"two assertions, both signed", func(f Forge) string {
			root := f.genuine(assertionOnly)
			root.AddChild(remove(find(f.genuine(assertionOnly), "./Assertion")))
			return post(root)
		}, "holds 2 assertions"},
		{"two assertions in a signed response", func(f Forge) string {
			root := f.genuine(unsigned)
			root.AddChild(asVictim(find(f.genuine(unsigned), "./Assertion").Copy()))
			f.IdP.Sign(root, "")
			return post(root)
		}, "holds 2 assertions"},
		{"an assertion beside an encrypted one", func(f Forge) string {
			root := f.genuine(func(s *Saying) { assertionOnly(s); s.Encrypt = f.Ours })
			root.AddChild(asVictim(find(f.genuine(unsigned), "./Assertion").Copy()))
			return post(root)
		}, "holds 2 assertions"},
		{"no assertion", func(f Forge) string {
			root := f.genuine(unsigned)
			remove(find(root, "./Assertion"))
			f.IdP.Sign(root, "")
			return post(root)
		}, "holds no assertion"},
		{"an assertion of another namespace", func(f Forge) string {
			root := f.genuine(assertionOnly)
			find(root, "./Assertion").CreateAttr("xmlns:saml", "urn:oasis:names:tc:SAML:1.0:assertion")
			return post(root)
		}, "hidden inside of Response"},
		{"an assertion alone", func(f Forge) string { return post(remove(find(f.genuine(assertionOnly), "./Assertion"))) }, "not a Response"},
	}
}

// forged is an assertion made of the signed one: another identifier, no signature, and about the victim.
func forged(signed *etree.Element) *etree.Element {
	evil := signed.Copy()
	evil.CreateAttr("ID", newID())
	remove(find(evil, "./Signature"))
	return asVictim(evil)
}

// wrapResponse takes a signed response apart: a forged one, the signature, and what was signed, without its signature.
func wrapResponse(f Forge) (root, signature, signed *etree.Element) {
	signed = f.genuine(responseOnly)
	signature = remove(find(signed, "./Signature"))
	root = signed.Copy()
	root.CreateAttr("ID", newID())
	find(root, "./Assertion").CreateAttr("ID", newID())
	asVictim(find(root, "./Assertion"))
	return root, signature, signed
}

// wrapAssertion takes a signed assertion apart: the response without it, a forged one that holds the signature, and the one that
// was signed, without it.
func wrapAssertion(f Forge) (root, evil, signature, signed *etree.Element) {
	root = f.genuine(assertionOnly)
	signed = remove(find(root, "./Assertion"))
	evil = forged(signed)
	signature = remove(find(signed, "./Signature"))
	evil.InsertChildAt(1, signature)
	return root, evil, signature, signed
}
