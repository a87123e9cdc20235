package room

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// Lengths of names, in bytes: what a Linux file system takes of a path part, and a sane whole.
const (
	maxNameBytes = 255
	maxPartBytes = 100
	maxPerson    = 40 // characters of a person's name
	maxTitle     = 80 // characters of a room's title
)

// validID reports whether id is [a-z0-9]{8,32}: ids are compared as ASCII by both sides.
func validID(id string) bool {
	if len(id) < 8 || len(id) > 32 {
		return false
	}
	return strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// checkName refuses what is not a plain relative path.
func checkName(name string) error {
	why := ""
	switch {
	case name == "":
		why = "it is empty"
	case len(name) > maxNameBytes:
		why = fmt.Sprintf("it is longer than %d bytes", maxNameBytes)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		why = "it has control characters"
	case strings.Contains(name, "\\"):
		why = `it has a backslash; folders are separated by "/"`
	case path.IsAbs(name) || path.Clean(name) != name || name == "." || name == ".." || strings.HasPrefix(name, "../"):
		why = `it must be a relative path without empty parts, "." and ".."`
	default:
		for part := range strings.SplitSeq(name, "/") {
			if len(part) > maxPartBytes {
				why = fmt.Sprintf("a part of it is longer than %d bytes", maxPartBytes)
			}
			if strings.TrimSpace(part) != part {
				why = "a part of it begins or ends with a space"
			}
		}
	}
	if why == "" {
		return nil
	}
	return codecollab.Errorf(codecollab.Invalid, "bad_name", "The file name %.60q cannot be used: %s.", name, why)
}

// freeName finds a name near the wanted one that no other file has: "main.py", "main (2).py" …
func (s *State) freeName(want string) string {
	ext := path.Ext(want)
	stem := strings.TrimSuffix(want, ext)
	for name, n := want, 2; ; n++ {
		if !s.named(name, "") {
			return name
		}
		name = fmt.Sprintf("%s (%d)%s", stem, n, ext)
	}
}

// cleanPersonName makes a name that can be shown: trimmed, one line, of bounded length, never empty.
func cleanPersonName(name string) string {
	name = oneLine(name)
	if r := []rune(name); len(r) > maxPerson {
		name = string(r[:maxPerson])
	}
	if name == "" {
		return "Guest"
	}
	return name
}

// cleanTitle makes of a title one line without characters that turn the direction of what stands beside it.
func cleanTitle(t *wire.Title) (*wire.Title, error) {
	title := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, oneLine(t.Title))
	if n := utf8.RuneCountInString(title); n > maxTitle {
		return nil, codecollab.Errorf(codecollab.Invalid, "bad_title", "A room's title has at most %d characters, not %d. Shorten it.", maxTitle, n)
	}
	return &wire.Title{Title: title}, nil
}

func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r)
	}), " ")
}
