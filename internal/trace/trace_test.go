package trace_test

import (
	"context"
	"testing"
	"time"

	"codecollab.dev/internal/trace"
)

// Where nobody keeps spans, all that is said to them costs nothing.
func TestNothingIsKeptForNothing(t *testing.T) {
	var tracer *trace.Tracer
	at := time.Now()
	var ctx context.Context = context.Background()
	if n := testing.AllocsPerRun(100, func() {
		span := tracer.Begin("edit", trace.From{At: at})
		within, child := trace.Start(trace.With(ctx, span), "part")
		child.Set("kind", "edit")
		child.Note("stage", at, at)
		child.End("")
		span.EndAt(at, "")
		if trace.Of(within) != nil || span.Parent() != "" {
			t.Error("there is a span")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
