package auth

import (
	"strings"
	"unicode"
)

// Lengths of what people say of themselves, in characters.
const (
	maxName  = 40
	maxEmail = 254 // RFC 5321, 4.5.3.1.3
)

// CleanName makes of what a provider or a person says a name that can be shown: one line, of bounded length, without characters
// that turn the direction of what stands beside it. Without any, it is made of the address.
func CleanName(name, email string) string {
	name = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(name, ""), func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r)
	}), " ")
	name = strings.TrimSpace(short(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name), maxName))
	if name == "" && email != "" {
		before, _, _ := strings.Cut(email, "@")
		return CleanName(before, "")
	}
	if name == "" {
		return "Somebody"
	}
	return name
}

// cleanEmail is an address as it is kept: lower case; "" for what cannot be one.
func cleanEmail(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" || domain == "" || len(email) > maxEmail || strings.ContainsAny(email, " \t\r\n\"<>,;") || strings.Contains(domain, "@") {
		return ""
	}
	if strings.ContainsFunc(email, unicode.IsControl) {
		return ""
	}
	return email
}

// short cuts a text to so many characters.
func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// SameEmail reports whether two addresses are the same to us.
func SameEmail(a, b string) bool { return cleanEmail(a) == cleanEmail(b) }
