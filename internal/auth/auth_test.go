package auth

import (
	"strings"
	"testing"
)

func TestAGuestIsKnownByTheToken(t *testing.T) {
	a, b := NewGuest(), NewGuest()
	if a.Person == b.Person || a.Token() == b.Token() {
		t.Error("two guests are one")
	}
	again, ok := ParseToken(a.Token())
	if !ok || again != a {
		t.Errorf("%v came back as %v, %v", a, again, ok)
	}
	if strings.Contains(strings.ToUpper(a.Person), a.Token()[:8]) {
		t.Error("the person's id gives the token away")
	}
}

func TestTokensThatNobodyWasGiven(t *testing.T) {
	for _, token := range []string{"", "A", strings.Repeat("a", tokenLen), strings.Repeat("A", tokenLen+1), strings.Repeat("1", tokenLen), strings.Repeat("A", tokenLen-1) + "\n"} {
		if g, ok := ParseToken(token); ok {
			t.Errorf("%q is %v", token, g)
		}
	}
}
