package server

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
)

// authenticator is a device in software: one key, as WebAuthn level 3 has it, with whatever a test wants to be wrong about it.
type authenticator struct {
	key    *ecdsa.PrivateKey
	id     []byte
	user   []byte
	rp     string // the party that the key is for
	origin string // where the browser says that the page is from
	count  uint32
	flags  byte
}

// Flags of authenticator data: the person is there, is verified, and a new key follows (6.1).
const (
	flagPresent  = 0x01
	flagVerified = 0x04
	flagKey      = 0x40
)

func newAuthenticator(t *testing.T, origin string) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	_, _ = rand.Read(id)
	return &authenticator{key: key, id: id, rp: "localhost", origin: origin, flags: flagPresent | flagVerified}
}

// begun is what the server sends first.
type begun struct {
	PublicKey struct {
		Challenge string
		RpID      string
		RP        struct{ ID string }
		User      struct{ ID string }
	}
	Ticket string
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *authenticator) data(t *testing.T, key bool) []byte {
	t.Helper()
	hash := sha256.Sum256([]byte(a.rp))
	flags := a.flags
	if key {
		flags |= flagKey
	}
	out := append(hash[:], flags)
	out = binary.BigEndian.AppendUint32(out, a.count)
	if !key {
		return out
	}
	out = append(out, make([]byte, 16)...) // no model
	out = binary.BigEndian.AppendUint16(out, uint16(len(a.id)))
	out = append(out, a.id...)
	point, err := a.key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	cose, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		t.Fatal(err)
	}
	return append(out, cose...)
}

func (a *authenticator) client(kind, challenge string) []byte {
	return fmt.Appendf(nil, `{"type":%q,"challenge":%q,"origin":%q,"crossOrigin":false}`, kind, challenge, a.origin)
}

func (a *authenticator) credential(response map[string]any) map[string]any {
	return map[string]any{
		"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "authenticatorAttachment": "platform", "clientExtensionResults": map[string]any{},
		"response": response,
	}
}

// make makes the key, as navigator.credentials.create does.
func (a *authenticator) make(t *testing.T, b begun) map[string]any {
	t.Helper()
	user, err := base64.RawURLEncoding.DecodeString(b.PublicKey.User.ID)
	if err != nil {
		t.Fatal(err)
	}
	a.user = user
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": a.data(t, true)})
	if err != nil {
		t.Fatal(err)
	}
	return a.credential(map[string]any{
		"clientDataJSON": b64(a.client("webauthn.create", b.PublicKey.Challenge)), "attestationObject": b64(object), "transports": []string{"internal"},
	})
}

// sign signs, as navigator.credentials.get does.
func (a *authenticator) sign(t *testing.T, b begun) map[string]any {
	t.Helper()
	data, client := a.data(t, false), a.client("webauthn.get", b.PublicKey.Challenge)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(bytes.Clone(data), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return a.credential(map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(a.user),
	})
}

func (h *house) begin(c *http.Client, path string) (b begun) {
	h.t.Helper()
	h.call(c, "POST", path+"/begin", "", http.StatusOK, &b)
	return b
}

func (h *house) finish(c *http.Client, path string, b begun, response map[string]any, want int) {
	h.t.Helper()
	body, err := json.Marshal(map[string]any{"ticket": b.Ticket, "name": "my key", "response": response})
	if err != nil {
		h.t.Fatal(err)
	}
	h.call(c, "POST", path+"/finish", string(body), want, nil)
}

const (
	signInPath = "/api/v1/auth/passkey"
	addPath    = "/api/v1/me/passkeys"
)

// passkeyHouse is a house at a name, where Ann has an account and a passkey.
func passkeyHouse(t *testing.T) (*house, *authenticator) {
	t.Helper()
	h := newHouse(t)
	h.http.URL = strings.Replace(h.http.URL, "127.0.0.1", "localhost", 1)
	h.register(h.client, "ann@example.org")
	a := newAuthenticator(t, h.http.URL)
	b := h.begin(h.client, addPath)
	if b.PublicKey.RP.ID != "localhost" || len(b.PublicKey.Challenge) < 22 {
		t.Fatalf("%+v", b)
	}
	h.finish(h.client, addPath, b, a.make(t, b), http.StatusCreated)
	return h, a
}

func TestSigningInWithAPasskey(t *testing.T) {
	h, a := passkeyHouse(t)
	account := h.personOf(h.client)
	c := newPerson(t)
	for range 3 {
		a.count++
		b := h.begin(c, signInPath)
		h.finish(c, signInPath, b, a.sign(t, b), http.StatusNoContent)
		if who := h.personOf(c); who != account {
			t.Errorf("the passkey opens %s", who)
		}
	}
	var me struct{ Via string }
	h.call(c, "GET", "/api/v1/me", "", 200, &me)
	if me.Via != "passkey" {
		t.Errorf("via %q", me.Via)
	}
	var list struct {
		Passkeys []struct {
			ID, Name string
			Seen     time.Time
		}
	}
	h.call(c, "GET", addPath, "", 200, &list)
	if len(list.Passkeys) != 1 || list.Passkeys[0].Name != "my key" || list.Passkeys[0].Seen.IsZero() {
		t.Fatalf("%+v", list)
	}
	h.call(newPerson(t), "DELETE", addPath+"/"+list.Passkeys[0].ID, "", http.StatusUnauthorized, nil)
	h.call(c, "DELETE", addPath+"/"+list.Passkeys[0].ID, "", http.StatusNoContent, nil)
	b := h.begin(c, signInPath)
	a.count++
	h.finish(c, signInPath, b, a.sign(t, b), http.StatusUnauthorized)
}

// Whatever is wrong with what comes back, nobody is signed in.
func TestPasskeysThatOpenNothing(t *testing.T) {
	h, good := passkeyHouse(t)
	good.count = 7
	c := newPerson(t)
	b := h.begin(c, signInPath)
	h.finish(c, signInPath, b, good.sign(t, b), http.StatusNoContent)

	other := newAuthenticator(t, h.http.URL)
	other.user = good.user
	for name, spoil := range map[string]func(a *authenticator, b *begun){
		"another origin":              func(a *authenticator, _ *begun) { a.origin = "http://localhost.evil.example.org" },
		"another port":                func(a *authenticator, _ *begun) { a.origin = "http://localhost:1" },
		"another party":               func(a *authenticator, _ *begun) { a.rp = "evil.example.org" },
		"another key":                 func(a *authenticator, _ *begun) { a.key = other.key },
		"an unknown key":              func(a *authenticator, _ *begun) { a.key, a.id = other.key, other.id },
		"another person's handle":     func(a *authenticator, _ *begun) { a.user = []byte("unobody") },
		"no handle":                   func(a *authenticator, _ *begun) { a.user = nil },
		"another challenge":           func(_ *authenticator, b *begun) { b.PublicKey.Challenge = b64(make([]byte, 32)) },
		"nobody verified":             func(a *authenticator, _ *begun) { a.flags = flagPresent },
		"nobody there":                func(a *authenticator, _ *begun) { a.flags = 0 },
		"it has signed fewer times":   func(a *authenticator, _ *begun) { a.count = 6 },
		"it has signed as many times": func(a *authenticator, _ *begun) { a.count = 7 },
		"it is synced all at once":    func(a *authenticator, _ *begun) { a.flags |= 0x18 },
	} {
		t.Run(name, func(t *testing.T) {
			a := *good
			a.count = 100
			c := newPerson(t)
			b := h.begin(c, signInPath)
			spoil(&a, &b)
			h.finish(c, signInPath, b, a.sign(t, b), http.StatusUnauthorized)
			if who := h.personOf(c); who[0] != 'p' {
				t.Errorf("it signs in as %s", who)
			}
		})
	}
	good.count = 200
	b = h.begin(c, signInPath)
	response := good.sign(t, b)
	h.finish(newPerson(t), signInPath, b, map[string]any{"id": 1}, http.StatusUnauthorized)
	h.finish(c, signInPath, b, response, http.StatusUnauthorized) // the ticket was used by the one before
	b = h.begin(c, signInPath)
	response = good.sign(t, b)
	h.finish(c, signInPath, b, response, http.StatusNoContent)
	h.finish(newPerson(t), signInPath, b, response, http.StatusUnauthorized)
	b = h.begin(c, signInPath)
	h.door.wait(6 * time.Minute)
	good.count++
	h.finish(newPerson(t), signInPath, b, good.sign(t, b), http.StatusUnauthorized)
}

func TestAddingPasskeys(t *testing.T) {
	h, a := passkeyHouse(t)
	add := func(c *http.Client, a *authenticator, want int) {
		t.Helper()
		b := h.begin(c, addPath)
		h.finish(c, addPath, b, a.make(t, b), want)
	}
	eve := newPerson(t)
	h.register(eve, "eve@example.org")
	add(eve, a, http.StatusConflict) // somebody's already
	b := h.begin(eve, addPath)
	h.finish(h.client, addPath, b, newAuthenticator(t, h.http.URL).make(t, b), http.StatusUnauthorized) // begun by another person
	b = h.begin(eve, signInPath)
	h.finish(eve, addPath, b, newAuthenticator(t, h.http.URL).make(t, b), http.StatusUnauthorized) // begun for another end
	unverified := newAuthenticator(t, h.http.URL)
	unverified.flags = flagPresent
	add(h.client, unverified, http.StatusUnauthorized)
	add(h.client, newAuthenticator(t, "https://evil.example.org"), http.StatusUnauthorized)
	add(h.client, newAuthenticator(t, h.http.URL), http.StatusCreated)
	add(h.client, newAuthenticator(t, h.http.URL), http.StatusCreated)
	add(h.client, newAuthenticator(t, h.http.URL), http.StatusTooManyRequests)
	h.call(newPerson(t), "POST", addPath+"/begin", "", http.StatusUnauthorized, nil)
	h.door.wait(11 * time.Minute) // a session that somebody has left open
	if status, code := h.status(h.client, "POST", addPath+"/begin", ""); code != "sign_in_again" {
		t.Errorf("%d %s", status, code)
	}
}

// Passkeys are tied to a name. At a bare number there are none, and none are offered.
func TestPasskeysAreOfferedWhereTheyWork(t *testing.T) {
	h := newHouse(t)
	kinds := func() (out []string) {
		var ways struct{ Ways []struct{ Kind string } }
		h.call(h.client, "GET", "/api/v1/auth/ways", "", 200, &ways)
		for _, w := range ways.Ways {
			out = append(out, w.Kind)
		}
		return out
	}
	if k := kinds(); len(k) != 1 || k[0] != "password" {
		t.Errorf("at a number: %v", k)
	}
	h.call(h.client, "POST", signInPath+"/begin", "", http.StatusServiceUnavailable, nil)
	h.http.URL = strings.Replace(h.http.URL, "127.0.0.1", "localhost", 1)
	if k := kinds(); len(k) != 2 || k[0] != "passkey" {
		t.Errorf("at a name: %v", k)
	}
}
