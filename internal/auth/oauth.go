package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"codecollab.dev"
)

// Programs ask for API tokens in two ways: with a code that the person types in on a page (RFC 8628, the device flow), or by sending
// the browser here and back to themselves on this machine (RFC 8252 with RFC 7636, PKCE). Neither keeps a secret of its own: what
// counts is the person's consent on our page.

// How long what they ask for is open, and how often they may ask whether it was granted.
const (
	DeviceFor   = 15 * time.Minute
	DeviceEvery = 5 * time.Second
	codeFor     = time.Minute
	requestFor  = 10 * time.Minute
)

const (
	onceDevice     = "device"
	onceDeviceUser = "device-user"
	onceRequest    = "authorize"
	onceCode       = "code"
)

// clientName is what a program is called on pages; "" is none that is known.
func clientName(id string) string {
	switch id {
	case "vscode":
		return "CodeCollab for VS Code"
	case "cli":
		return "CodeCollab on the command line"
	}
	return ""
}

// Ask is what a program asks for.
type Ask struct {
	Client    string  `json:"client"`
	Scopes    []Scope `json:"scopes"`
	Address   string  `json:"address,omitempty"`   // from where
	Redirect  string  `json:"redirect,omitempty"`  // where the browser goes then
	State     string  `json:"state,omitempty"`     // what it takes along
	Challenge string  `json:"challenge,omitempty"` // PKCE, S256
	Denied    bool    `json:"denied,omitempty"`
}

// Name is what the program is called.
func (a Ask) Name() string { return clientName(a.Client) }

// CheckAsk refuses what no program of ours asks for. scope is a list with spaces; "" is everything. Errors, with the codes of RFC 6749:
// "invalid_client", "invalid_scope".
func CheckAsk(client, scope string) (Ask, error) {
	a := Ask{Client: client}
	if a.Name() == "" {
		return a, codecollab.Errorf(codecollab.Invalid, "invalid_client", "There is no program %.40q; there are vscode and cli.", client)
	}
	for s := range strings.FieldsSeq(scope) {
		a.Scopes = append(a.Scopes, Scope(s))
	}
	if scope == "" {
		a.Scopes = scopes()
	}
	kept, err := CleanScopes(a.Scopes)
	if err != nil {
		return a, codecollab.Errorf(codecollab.Invalid, "invalid_scope", "The scopes are rooms, read and run.")
	}
	a.Scopes = kept
	return a, nil
}

// CheckRedirect refuses addresses that are not a program's own on this machine (RFC 8252, 7.3): the names of hosts do not count, they
// can be made to mean others. Error "invalid_redirect".
func CheckRedirect(redirect string) error {
	u, err := url.Parse(redirect)
	if err == nil && u.Scheme == "http" && u.User == nil && u.Fragment == "" && u.Port() != "" && len(redirect) < 500 {
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil && ip.IsLoopback() {
			return nil
		}
	}
	return codecollab.Errorf(codecollab.Invalid, "invalid_redirect", "A program can only be answered on this machine: http://127.0.0.1 with a port, or http://[::1].")
}

// userCodeLetters are those of codes that people type: no vowels, so that they are no words (RFC 8628, 6.1).
const userCodeLetters = "BCDFGHJKLMNPQRSTVWXZ"

func newUserCode() string {
	b := make([]byte, 0, 9)
	for len(b) < 8 {
		var r [1]byte
		_, _ = rand.Read(r[:]) // it never fails
		if int(r[0]) < 240 {   // or else the first letters would be likelier
			b = append(b, userCodeLetters[r[0]%20])
		}
	}
	return string(b[:4]) + "-" + string(b[4:])
}

// plainCode is a code as it is looked up, however it was typed.
func plainCode(code string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(userCodeLetters, r) {
			return r
		}
		return -1
	}, strings.ToUpper(code))
}

// BeginDevice begins the device flow: device is what the program asks with, user what the person types.
func (d *Desk) BeginDevice(ctx context.Context, ask Ask) (device, user string, err error) {
	data, err := json.Marshal(ask)
	if err != nil {
		return "", "", err
	}
	until := d.opt.Now().Add(DeviceFor)
	if device, err = d.putOnce(ctx, Once{Kind: onceDevice, Data: string(data), Expires: until}); err != nil {
		return "", "", err
	}
	user = newUserCode()
	userHash, deviceHash := hashOf(plainCode(user)), hashOf(device)
	o := Once{Kind: onceDeviceUser, Data: hex.EncodeToString(deviceHash[:]), Expires: until}
	return device, user, d.opt.Store.PutOnce(ctx, o, userHash[:])
}

// Device is what the program asks for whose code a person has typed. Error "bad_code".
func (d *Desk) Device(ctx context.Context, user string) (Ask, error) {
	hash := hashOf(plainCode(user))
	o, err := d.opt.Store.PeekOnce(ctx, onceDeviceUser, hash[:], d.opt.Now())
	if err != nil {
		return Ask{}, badCode(err)
	}
	_, ask, err := d.deviceOf(ctx, o.Data)
	return ask, err
}

// deviceOf finds what a program asks for, by the hash of what it asks with.
func (d *Desk) deviceOf(ctx context.Context, hexHash string) ([]byte, Ask, error) {
	hash, err := hex.DecodeString(hexHash)
	if err != nil {
		return nil, Ask{}, err
	}
	o, err := d.opt.Store.PeekOnce(ctx, onceDevice, hash, d.opt.Now())
	if err != nil {
		return nil, Ask{}, badCode(err)
	}
	var ask Ask
	return hash, ask, json.Unmarshal([]byte(o.Data), &ask)
}

// AnswerDevice grants a program what it asks for, or does not. The code is used up. Error "bad_code".
func (d *Desk) AnswerDevice(ctx context.Context, user, account string, allow bool) (Ask, error) {
	userHash := hashOf(plainCode(user))
	o, err := d.opt.Store.TakeOnce(ctx, onceDeviceUser, userHash[:], d.opt.Now())
	if err != nil {
		return Ask{}, badCode(err)
	}
	hash, ask, err := d.deviceOf(ctx, o.Data)
	if err != nil {
		return ask, err
	}
	ask.Denied = !allow
	data, err := json.Marshal(ask)
	if err != nil {
		return ask, err
	}
	return ask, badCode(d.opt.Store.AnswerOnce(ctx, onceDevice, hash, account, string(data), d.opt.Now()))
}

// PollDevice gives a program the token that it was granted. Errors, with the codes of RFC 8628: "authorization_pending",
// "access_denied", "expired_token"; those of MakeToken.
func (d *Desk) PollDevice(ctx context.Context, client, device string) (string, APIToken, error) {
	hash := hashOf(device)
	o, err := d.opt.Store.PeekOnce(ctx, onceDevice, hash[:], d.opt.Now())
	var ask Ask
	if err == nil {
		err = json.Unmarshal([]byte(o.Data), &ask)
	}
	switch {
	case codecollab.CodeOf(err) == "no_once", err == nil && ask.Client != client:
		return "", APIToken{}, codecollab.Errorf(codecollab.Invalid, "expired_token", "The code is too old. Begin again.")
	case err != nil:
		return "", APIToken{}, err
	case o.Account == "":
		return "", APIToken{}, codecollab.Errorf(codecollab.Invalid, "authorization_pending", "The person has not answered yet.")
	}
	if _, err := d.opt.Store.TakeOnce(ctx, onceDevice, hash[:], d.opt.Now()); err != nil {
		return "", APIToken{}, codecollab.Errorf(codecollab.Invalid, "expired_token", "The code has been used.")
	}
	if ask.Denied {
		return "", APIToken{}, codecollab.Errorf(codecollab.Invalid, "access_denied", "The person has said no.")
	}
	return d.MakeToken(ctx, o.Account, ask.Name(), ask.Scopes, d.opt.ProgramToken)
}

// BeginCode begins the way through the browser: the ticket is what our page asks with.
func (d *Desk) BeginCode(ctx context.Context, ask Ask) (ticket string, err error) {
	data, err := json.Marshal(ask)
	if err != nil {
		return "", err
	}
	return d.putOnce(ctx, Once{Kind: onceRequest, Data: string(data), Expires: d.opt.Now().Add(requestFor)})
}

// Code is what the program of a ticket asks for. Error "bad_code".
func (d *Desk) Code(ctx context.Context, ticket string) (ask Ask, err error) {
	hash := hashOf(ticket)
	o, err := d.opt.Store.PeekOnce(ctx, onceRequest, hash[:], d.opt.Now())
	if err != nil {
		return ask, badCode(err)
	}
	return ask, json.Unmarshal([]byte(o.Data), &ask)
}

// AnswerCode grants a program what it asks for, and gives the code that the browser takes to it; "" where it does not.
func (d *Desk) AnswerCode(ctx context.Context, ticket, account string, allow bool) (ask Ask, code string, err error) {
	hash := hashOf(ticket)
	o, err := d.opt.Store.TakeOnce(ctx, onceRequest, hash[:], d.opt.Now())
	if err != nil {
		return ask, "", badCode(err)
	}
	if err := json.Unmarshal([]byte(o.Data), &ask); err != nil || !allow {
		return ask, "", err
	}
	code, err = d.putOnce(ctx, Once{Kind: onceCode, Account: account, Data: o.Data, Expires: d.opt.Now().Add(codeFor)})
	return ask, code, err
}

// RedeemCode gives a program a token for a code, once, and only to the one that asked: it alone knows the verifier. Errors, with the
// codes of RFC 6749: "invalid_grant"; those of MakeToken.
func (d *Desk) RedeemCode(ctx context.Context, client, code, redirect, verifier string) (string, APIToken, error) {
	hash := hashOf(code)
	o, err := d.opt.Store.TakeOnce(ctx, onceCode, hash[:], d.opt.Now())
	var ask Ask
	if err == nil {
		err = json.Unmarshal([]byte(o.Data), &ask)
	}
	if err != nil && codecollab.CodeOf(err) != "no_once" {
		return "", APIToken{}, err
	}
	if err != nil || ask.Client != client || ask.Redirect != redirect || !challenged(ask.Challenge, verifier) {
		return "", APIToken{}, codecollab.Errorf(codecollab.Invalid, "invalid_grant", "The code does not belong to this request, has been used, or is too old.")
	}
	return d.MakeToken(ctx, o.Account, ask.Name(), ask.Scopes, d.opt.ProgramToken)
}

// challenged reports whether a verifier is the one that a challenge was made of (RFC 7636, S256).
func challenged(challenge, verifier string) bool {
	if len(verifier) < 43 || len(verifier) > 128 {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// Revoke ends an API token that a program has no use for any more. A token that is none is no error (RFC 7009, 2.2).
func (d *Desk) Revoke(ctx context.Context, token string) (Identity, error) {
	if !IsAPIToken(token) {
		return Identity{}, nil
	}
	id, _, err := d.Identify(ctx, token)
	if err != nil || id.Token == "" {
		if codecollab.CodeOf(err) == "signed_out" {
			err = nil
		}
		return Identity{}, err
	}
	_, err = d.EndToken(ctx, id.Person, id.Token)
	return id, err
}

func badCode(err error) error {
	if err == nil || codecollab.CodeOf(err) != "no_once" {
		return err
	}
	return codecollab.Errorf(codecollab.NotFound, "bad_code", "There is no such code, or not any more. Look at it again, or begin anew in the program.")
}
