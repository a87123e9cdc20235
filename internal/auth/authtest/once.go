package authtest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
)

func once(t *testing.T, s auth.Store) {
	ctx := t.Context()
	must(t, s.PutOnce(ctx, auth.Once{Kind: "reset", Account: "uann", Data: `{"a":1}`, Expires: noon.Add(time.Hour)}, hash("1")))
	must(t, s.PutOnce(ctx, auth.Once{Kind: "setup", Expires: noon.Add(time.Hour)}, hash("1"))) // another kind with the same hash
	for _, bad := range []struct {
		kind string
		hash []byte
		at   time.Time
	}{{"reset", hash("2"), noon}, {"other", hash("1"), noon}, {"reset", hash("1"), noon.Add(time.Hour)}} {
		_, err := s.PeekOnce(ctx, bad.kind, bad.hash, bad.at)
		want(t, err, "no_once")
		_, err = s.TakeOnce(ctx, bad.kind, bad.hash, bad.at)
		want(t, err, "no_once")
	}
	for range 2 {
		o, err := s.PeekOnce(ctx, "reset", hash("1"), noon)
		must(t, err)
		equal(t, "peeked", fmt.Sprint(o.Kind, o.Account, o.Data, o.Expires.Sub(noon)), `resetuann{"a":1}1h0m0s`)
	}
	o, err := s.TakeOnce(ctx, "reset", hash("1"), noon)
	must(t, err)
	equal(t, "taken", o.Data, `{"a":1}`)
	_, err = s.TakeOnce(ctx, "reset", hash("1"), noon)
	want(t, err, "no_once")
	_, err = s.PeekOnce(ctx, "setup", hash("1"), noon)
	must(t, err)

	must(t, s.PutOnce(ctx, auth.Once{Kind: "reset", Account: "uann", Expires: noon.Add(time.Hour)}, hash("3")))
	must(t, s.PutOnce(ctx, auth.Once{Kind: "reset", Account: "ubob", Expires: noon.Add(time.Hour)}, hash("4")))
	must(t, s.DropOnces(ctx, "reset", "uann"))
	_, err = s.PeekOnce(ctx, "reset", hash("3"), noon)
	want(t, err, "no_once")
	_, err = s.PeekOnce(ctx, "reset", hash("4"), noon)
	must(t, err)
	must(t, s.SweepOnces(ctx, noon.Add(time.Hour)))
	_, err = s.PeekOnce(ctx, "reset", hash("4"), noon)
	want(t, err, "no_once")
}

// Of many who take at the same time, one gets it.
func onceAmongMany(t *testing.T, s auth.Store) {
	ctx := t.Context()
	for i := range 5 {
		h := hash(fmt.Sprint(i))
		must(t, s.PutOnce(ctx, auth.Once{Kind: "code", Expires: noon.Add(time.Hour)}, h))
		var got atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := s.TakeOnce(ctx, "code", h, noon); err == nil {
					got.Add(1)
				} else {
					want(t, err, "no_once")
				}
			})
		}
		all.Wait()
		equal(t, "who got it", got.Load(), 1)
	}
}

func answers(t *testing.T, s auth.Store) {
	ctx := t.Context()
	must(t, s.PutOnce(ctx, auth.Once{Kind: "device", Data: "asked", Expires: noon.Add(time.Hour)}, hash("1")))
	want(t, s.AnswerOnce(ctx, "device", hash("2"), "uann", "yes", noon), "no_once")
	want(t, s.AnswerOnce(ctx, "device", hash("1"), "uann", "yes", noon.Add(time.Hour)), "no_once")
	must(t, s.AnswerOnce(ctx, "device", hash("1"), "uann", "yes", noon))
	want(t, s.AnswerOnce(ctx, "device", hash("1"), "ueve", "no", noon), "no_once")
	o, err := s.TakeOnce(ctx, "device", hash("1"), noon)
	must(t, err)
	equal(t, "answer", o.Account+" "+o.Data, "uann yes")
}

func tokens(t *testing.T, s auth.Store) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, account("uann"), "x", "1"))
	must(t, s.AddAccount(ctx, account("ubob"), "x", "2"))
	for i := range 3 {
		tok := auth.APIToken{
			ID: fmt.Sprint("t", i), Account: "uann", Name: "script", Scopes: []auth.Scope{auth.ScopeRooms, auth.ScopeRun}, Created: noon.Add(time.Duration(i)), Expires: noon.Add(time.Hour),
		}
		must(t, s.AddToken(ctx, tok, hash(fmt.Sprint(i)), 3))
	}
	want(t, s.AddToken(ctx, auth.APIToken{ID: "t9", Account: "uann"}, hash("9"), 3), "too_many_tokens")
	must(t, s.AddToken(ctx, auth.APIToken{ID: "t8", Account: "ubob", Created: noon}, hash("8"), 3)) // for nothing, and for ever
	got, a, err := s.TokenBy(ctx, hash("1"))
	must(t, err)
	equal(t, "token", fmt.Sprint(got.ID, got.Account, got.Name, got.Scopes, got.Expires.Sub(noon), got.Seen.IsZero(), a.ID), "t1uannscript[rooms run] 1h0m0s trueuann")
	got, _, err = s.TokenBy(ctx, hash("8"))
	must(t, err)
	if got.Scopes == nil || len(got.Scopes) != 0 || !got.Expires.IsZero() {
		t.Errorf("a token without scopes may do everything: %+v", got)
	}
	_, _, err = s.TokenBy(ctx, hash("7"))
	want(t, err, "no_token")
	must(t, s.UseToken(ctx, "t1", noon.Add(time.Minute)))
	ended, err := s.EndToken(ctx, "ubob", "t1")
	must(t, err)
	equal(t, "somebody else's is ended", ended, false)
	ended, err = s.EndToken(ctx, "uann", "t0")
	must(t, err)
	equal(t, "ended", ended, true)
	list, err := s.TokensOf(ctx, "uann")
	must(t, err)
	if len(list) != 2 || !list[0].Seen.Equal(noon.Add(time.Minute)) && !list[1].Seen.Equal(noon.Add(time.Minute)) {
		t.Errorf("tokens %+v", list)
	}
	must(t, s.SweepOnces(ctx, noon.Add(time.Hour)))
	list, err = s.TokensOf(ctx, "uann")
	must(t, err)
	equal(t, "tokens that are too old", len(list), 0)
	list, err = s.TokensOf(ctx, "ubob")
	must(t, err)
	equal(t, "tokens without end", len(list), 1)
}

func passkey(id, account string) auth.Passkey {
	return auth.Passkey{ID: id, Account: account, Credential: []byte("cred-" + id), Name: "key", Data: `{"n":1}`, Created: noon}
}

func passkeys(t *testing.T, s auth.Store) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, account("uann"), "x", "1"))
	must(t, s.AddAccount(ctx, account("ubob"), "x", "2"))
	must(t, s.AddPasskey(ctx, passkey("k1", "uann"), 2))
	stolen := passkey("k2", "ubob")
	stolen.Credential = passkey("k1", "").Credential
	want(t, s.AddPasskey(ctx, stolen, 2), "taken")
	must(t, s.AddPasskey(ctx, passkey("k3", "uann"), 2))
	want(t, s.AddPasskey(ctx, passkey("k4", "uann"), 2), "too_many_passkeys")
	got, err := s.PasskeyBy(ctx, []byte("cred-k1"))
	must(t, err)
	equal(t, "passkey", fmt.Sprint(got.ID, got.Account, got.Name, got.Data, got.Created.Equal(noon), got.Seen.IsZero()), `k1uannkey{"n":1}true true`)
	_, err = s.PasskeyBy(ctx, []byte("cred-k4"))
	want(t, err, "no_passkey")
	ended, err := s.EndPasskey(ctx, "ubob", "k1")
	must(t, err)
	equal(t, "somebody else's is ended", ended, false)
	ended, err = s.EndPasskey(ctx, "uann", "k1")
	must(t, err)
	equal(t, "ended", ended, true)
	list, err := s.Passkeys(ctx, "uann")
	must(t, err)
	if len(list) != 1 || list[0].ID != "k3" {
		t.Errorf("passkeys %+v", list)
	}
}

// Of two uses of what was read once, the second is told: that is how a copy would show itself.
func passkeyTwice(t *testing.T, s auth.Store) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, account("uann"), "x", "1"))
	k := passkey("k1", "uann")
	must(t, s.AddPasskey(ctx, k, 9))
	for _, first := range []bool{true, false} {
		ok, err := s.UsePasskey(ctx, k, `{"n":2}`, noon.Add(time.Minute))
		must(t, err)
		equal(t, "use", ok, first)
	}
	got, err := s.PasskeyBy(ctx, k.Credential)
	must(t, err)
	equal(t, "data", got.Data, `{"n":2}`)
	if !got.Seen.Equal(noon.Add(time.Minute)) {
		t.Errorf("seen %v", got.Seen)
	}
}
