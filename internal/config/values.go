package config

import (
	"encoding"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Size is a number of bytes. It is written as "64KiB", "4MiB", "1GiB", with the decimal "kB", "MB", "GB", or as a
// number alone.
type Size int64

var units = []struct {
	name  string
	bytes int64
}{
	{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10},
	{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1}, {"", 1},
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Size) UnmarshalText(text []byte) error {
	for _, u := range units {
		digits, ok := strings.CutSuffix(string(text), u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil || n > math.MaxInt64/u.bytes || n < 0 {
			break
		}
		*s = Size(n * u.bytes)
		return nil
	}
	return errors.New("a size is a whole number with a unit, like 64KiB, 4MiB or 1GiB")
}

// String writes s with the largest binary unit that divides it.
func (s Size) String() string {
	for _, u := range units[:4] {
		if s != 0 && int64(s)%u.bytes == 0 {
			return strconv.FormatInt(int64(s)/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10) + "B"
}

// Secret is a text that shows itself only to Reveal: not to fmt, slog, JSON or TOML. Beneath is a pointer, so that even a
// struct that hides a Secret in a field of its own prints an address.
type Secret struct{ text *string }

const hidden = "[secret]"

// NewSecret hides text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// String says only whether there is a secret.
func (s Secret) String() string {
	if s.text == nil {
		return ""
	}
	return hidden
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText is String, for JSON and TOML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue is String, for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}

// parse reads text into the setting that v is; the error says what form is expected.
func parse(v reflect.Value, text string) error {
	switch p := v.Addr().Interface().(type) {
	case *time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return errors.New("a duration is a number with a unit, like 50ms, 10s or 5m")
		}
		*p = d
	case encoding.TextUnmarshaler:
		return p.UnmarshalText([]byte(text))
	case *string:
		*p = text
	case *bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("it is true or false")
		}
		*p = b
	case *int:
		n, err := parseInt(text)
		if err != nil {
			return err
		}
		*p = n
	default:
		panic(fmt.Sprintf("config: settings of type %s are not made", v.Type()))
	}
	return nil
}

// parseInt reads a whole number, with Ki, Mi or Gi for multiples of 1,024.
func parseInt(text string) (int, error) {
	digits, factor := text, 1
	for unit, f := range map[string]int{"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30} {
		if d, ok := strings.CutSuffix(text, unit); ok {
			digits, factor = d, f
		}
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n > math.MaxInt/factor || n < math.MinInt/factor {
		return 0, errors.New("it is a whole number, like 512, or 4Ki for 4 × 1024")
	}
	return n * factor, nil
}
