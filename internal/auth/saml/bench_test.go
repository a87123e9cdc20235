package saml

import (
	"testing"

	"codecollab.dev/internal/auth/saml/samltest"
)

// BenchmarkLogin is what a login costs of our time, without the browser and the store: a signed request, and reading the answer.
func BenchmarkLogin(b *testing.B) {
	for name, change := range map[string]func(*samltest.Saying, Pair){
		"signed": func(*samltest.Saying, Pair) {}, "signed twice": func(s *samltest.Saying, _ Pair) { s.Response = true },
		"encrypted": func(s *samltest.Saying, p Pair) { s.Response, s.Encrypt = true, p.Certificate },
	} {
		b.Run(name, func(b *testing.B) {
			p := newPlace(b)
			pair, err := p.opt.Keys.Pair(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				b.StopTimer()
				p.opt.Used = &memory{names: map[string]bool{}}
				b.StartTimer()
				_, kept, err := p.Begin(b.Context(), p.site, "/", false)
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				s := p.saying(kept.Request)
				change(&s, pair)
				message := samltest.Encode(p.idp.Response(s))
				b.StartTimer()
				a, err := p.Read(b.Context(), p.site, message)
				if err == nil {
					err = p.Bound(b.Context(), p.site, a, kept)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
