// Package password turns passwords into what may be kept of them, and compares: argon2id (RFC 9106), with bounded work at a time.
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"codecollab.dev"
)

// Options say what a password costs. RFC 9106, section 4, recommends 64 MiB with 3 passes and 4 lanes where memory is bounded.
type Options struct {
	Memory int // KiB
	Passes int
	Lanes  int
	AtOnce int // passwords that are worked on at a time: they take AtOnce × Memory at most
	Queue  int // that may wait for it; more are turned away
}

const (
	saltBytes = 16
	keyBytes  = 32
	maxBytes  = 1024 // of a password: more is no better, and costs
)

// Hasher hashes passwords.
type Hasher struct {
	opt   Options
	slots chan struct{}
	queue chan struct{}
	decoy string // of a password that nobody has
}

// New makes a Hasher.
func New(opt Options) *Hasher {
	return &Hasher{
		opt: opt, slots: make(chan struct{}, opt.AtOnce), queue: make(chan struct{}, opt.AtOnce+opt.Queue),
		decoy: opt.write(random(saltBytes), random(keyBytes)),
	}
}

// Hash is what is kept of a password. Errors: "too_large", "busy".
func (h *Hasher) Hash(ctx context.Context, password string) (hash string, err error) {
	err = h.work(ctx, password, func() { hash = h.hash(password) })
	return hash, err
}

// Verify reports whether a password is the one that a hash was made of; stale is set when it should be hashed again, because
// the costs have changed. An empty hash is nobody's, and takes as long. Errors: "too_large", "busy".
func (h *Hasher) Verify(ctx context.Context, hash, password string) (ok, stale bool, err error) {
	known := hash != ""
	if !known {
		hash = h.decoy
	}
	err = h.work(ctx, password, func() {
		var p parsed
		if p, ok = parse(hash); ok {
			key := argon2.IDKey([]byte(password), p.salt, p.passes, p.memory, p.lanes, uint32(len(p.key)))
			ok = subtle.ConstantTimeCompare(key, p.key) == 1
			stale = int(p.memory) != h.opt.Memory || int(p.passes) != h.opt.Passes || int(p.lanes) != h.opt.Lanes
		}
	})
	return ok && known, stale, err
}

// work does f when there is a place for it.
func (h *Hasher) work(ctx context.Context, password string, f func()) error {
	if len(password) > maxBytes {
		return codecollab.Errorf(codecollab.Limit, "too_large", "A password has at most %d bytes.", maxBytes)
	}
	select {
	case h.queue <- struct{}{}:
		defer func() { <-h.queue }()
	default:
		return busy()
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	f()
	return nil
}

func busy() error {
	return codecollab.Errorf(codecollab.Unavailable, "busy", "Very many sign in at the moment. Try again in a few seconds.")
}

// hash writes a hash in the form of the PHC: it says how it was made.
func (h *Hasher) hash(password string) string {
	salt := random(saltBytes)
	return h.opt.write(salt, argon2.IDKey([]byte(password), salt, uint32(h.opt.Passes), uint32(h.opt.Memory), uint8(h.opt.Lanes), keyBytes))
}

func (o Options) write(salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, o.Memory, o.Passes, o.Lanes, encode(salt), encode(key))
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails
	return b
}

// parsed is a hash taken apart.
type parsed struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

// maxMemory bounds what a hash from the store can have us take, in KiB.
const maxMemory = 4 << 20

func parse(hash string) (p parsed, ok bool) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return p, false
	}
	var version int
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return p, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); err != nil {
		return p, false
	}
	var err, err2 error
	p.salt, err = base64.RawStdEncoding.DecodeString(parts[4])
	p.key, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	return p, errors.Join(err, err2) == nil && len(p.key) >= 16 && p.passes > 0 && p.lanes > 0 && p.memory <= maxMemory
}

func encode(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }

// Weak says what is wrong with a new password for somebody with an address; nil when nothing is. Length counts for more than
// strange characters do (NIST SP 800-63B, 3.1.1), so those are not asked for. Error "weak_password".
func Weak(password, email string, least int) error {
	runes := []rune(password)
	different := map[rune]bool{}
	for _, r := range runes {
		different[r] = true
	}
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	why := ""
	switch lower := strings.ToLower(password); {
	case len(runes) < least:
		why = fmt.Sprintf("It needs at least %d characters; a few words in a row are good.", least)
	case len(different) < 5:
		why = "It is nearly the same character again and again."
	case email != "" && (lower == strings.ToLower(email) || len(local) >= least/2 && strings.Contains(lower, local)):
		why = "It has your e-mail address in it."
	case steps(runes) > len(runes)*3/4:
		why = "It is a row of characters that follow each other, like 123456."
	default:
		return nil
	}
	return codecollab.Errorf(codecollab.Invalid, "weak_password", "This password is too easy to guess. %s", why)
}

// steps counts the characters that follow the one before them in the alphabet, or repeat it.
func steps(runes []rune) (n int) {
	for i := 1; i < len(runes); i++ {
		if d := runes[i] - runes[i-1]; d >= -1 && d <= 1 {
			n++
		}
	}
	return n
}
