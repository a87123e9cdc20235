package ot

import (
	"strconv"
	"strings"
)

// MarshalJSON returns the JSON form. It never fails.
func (c ChangeSet) MarshalJSON() ([]byte, error) {
	return c.AppendJSON(nil), nil
}

// UnmarshalJSON is Parse.
func (c *ChangeSet) UnmarshalJSON(data []byte) error {
	parsed, err := Parse(data)
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// AppendJSON appends the JSON form to dst: the bytes that JSON.stringify gives for the same change in JavaScript.
func (c ChangeSet) AppendJSON(dst []byte) []byte {
	dst = append(dst, '[')
	for i := range c.sections {
		s := &c.sections[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		if s.kept() {
			dst = strconv.AppendInt(dst, int64(s.len), 10)
			continue
		}
		dst = append(dst, '[')
		dst = strconv.AppendInt(dst, int64(s.len), 10)
		if s.ins > 0 {
			dst = appendLines(dst, s.text)
		}
		dst = append(dst, ']')
	}
	return append(dst, ']')
}

func appendLines(dst []byte, lines string) []byte {
	for more := true; more; {
		var line string
		line, lines, more = strings.Cut(lines, "\n")
		dst = append(dst, ',')
		dst = appendString(dst, line)
	}
	return dst
}

// appendString quotes as JSON.stringify does, which escapes no more than JSON demands.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}
