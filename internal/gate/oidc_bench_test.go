package gate_test

import (
	"testing"
	"time"

	"codecollab.dev/internal/auth/oidc/oidctest"
	"codecollab.dev/internal/gate"
)

// BenchmarkOpenIDLogin is a whole sign-in over HTTP with a real store; what the provider works is taken off ("ours-ms").
func BenchmarkOpenIDLogin(b *testing.B) {
	p := oidctest.New()
	defer p.Close()
	h := newHouse(b, func(h *house, o *gate.Options) { o.External.Providers = []gate.Provider{h.openID(p, "main")} })
	h.person().open("/auth/oidc/main") // the provider is known then
	b.ResetTimer()
	before, began := p.Took.Load(), time.Now()
	for b.Loop() {
		h.person().open("/auth/oidc/main")
	}
	ours := time.Since(began) - time.Duration(p.Took.Load()-before)
	b.ReportMetric(float64(ours.Microseconds())/1000/float64(b.N), "ours-ms")
}
