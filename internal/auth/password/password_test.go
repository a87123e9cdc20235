package password

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"testing"

	"codecollab.dev"
)

// cheap is enough for what these tests look at.
var cheap = Options{Memory: 64, Passes: 1, Lanes: 1, AtOnce: 2, Queue: 4}

func TestOnlyThePasswordItselfVerifies(t *testing.T) {
	h := New(cheap)
	hash, err := h.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	again, _ := h.Hash(t.Context(), "correct horse")
	if hash == again || strings.Contains(hash, "horse") || !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("hashes %q and %q", hash, again)
	}
	for _, c := range []struct {
		hash, password string
		ok             bool
	}{
		{hash, "correct horse", true}, {again, "correct horse", true}, {hash, "correct horse ", false}, {hash, "", false},
		{"", "correct horse", false}, {"", "", false}, {"plain", "plain", false}, {hash[:len(hash)-1], "correct horse", false},
		{strings.Replace(hash, "argon2id", "argon2i", 1), "correct horse", false}, {"$argon2id$v=19$m=64,t=0,p=1$AAAA$AAAA", "x", false},
		{strings.Replace(hash, "m=64", "m=4294967295", 1), "correct horse", false},
	} {
		ok, _, err := h.Verify(t.Context(), c.hash, c.password)
		if err != nil || ok != c.ok {
			t.Errorf("%q against %q: %v, %v", c.password, c.hash, ok, err)
		}
	}
	if _, _, err := h.Verify(t.Context(), hash, strings.Repeat("x", 1025)); codecollab.CodeOf(err) != "too_large" {
		t.Errorf("a huge password: %v", err)
	}
}

// RFC 9106 has no vector for these costs without secret and data; this one is from the reference implementation's tests
// (phc-winner-argon2, src/test.c: version 19, t=2, m=2^8 KiB, p=1, "password", "somesalt").
func TestTheReferenceVector(t *testing.T) {
	const vector = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	ok, stale, err := New(cheap).Verify(t.Context(), vector, "password")
	if !ok || !stale || err != nil {
		t.Errorf("ok %v, stale %v, %v", ok, stale, err)
	}
}

// Whether there is such a person can be seen from the answer neither by its words nor by the work that it takes.
func TestNobodysPasswordTakesTheSameWork(t *testing.T) {
	h := New(Options{Memory: 8 << 10, Passes: 1, Lanes: 1, AtOnce: 1})
	hash, err := h.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	for name, kept := range map[string]string{"somebody": hash, "nobody": ""} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if ok, _, err := h.Verify(t.Context(), kept, "wrong"); ok || err != nil {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took < 8<<20 {
			t.Errorf("%s: hashing took %d bytes, not the 8 MiB that it has to", name, took)
		}
	}
}

func TestABurstIsBounded(t *testing.T) {
	h := New(cheap)
	for range cap(h.slots) { // all places are taken
		h.slots <- struct{}{}
		h.queue <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	errs := make(chan error, 20)
	for range 20 {
		waiting.Go(func() { _, err := h.Hash(ctx, "x"); errs <- err })
	}
	refused := 0
	for range 20 - cheap.Queue {
		if err := <-errs; codecollab.CodeOf(err) == "busy" {
			refused++
		}
	}
	cancel()
	waiting.Wait()
	if refused != 20-cheap.Queue {
		t.Errorf("%d of 20 were turned away, want %d", refused, 20-cheap.Queue)
	}
	if len(h.queue) != cap(h.slots) {
		t.Errorf("%d places of the queue are not given back", len(h.queue)-cap(h.slots))
	}
}

func TestWeakPasswords(t *testing.T) {
	for password, weak := range map[string]bool{
		"correct horse battery": false, "tr0ub4dor&3xyz": false, "äöü ßñ çé ñandú": false,
		"short": true, "aaaaaaaaaaaaaaaa": true, "123456789012": true, "abcdefghijkl": true, "adalovelace42": true, "ada.lovelace@example.org": true,
		"abababababab": true,
	} {
		err := Weak(password, "adalovelace@example.org", 10)
		if password == "ada.lovelace@example.org" {
			err = Weak(password, password, 10)
		}
		if (codecollab.CodeOf(err) == "weak_password") != weak {
			t.Errorf("%q: %v", password, err)
		}
	}
}
