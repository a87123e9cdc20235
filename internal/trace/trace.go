// Package trace lets the parts of the house say what takes how long, without knowing who keeps that. A span goes along in a
// context; where nobody keeps any it is nil, and all that is said to it costs nothing.
//
// What people have typed, their names and their addresses never go into a span.
package trace

import (
	"context"
	"time"
)

// Keeper keeps one span.
type Keeper interface {
	// Child begins a span within this one.
	Child(name string, at time.Time) Keeper
	// Name gives it another name.
	Name(name string)
	// Set says something about it: a string, an int or a bool.
	Set(key string, value any)
	// End ends it; failed is the code of what went wrong, "" when nothing did.
	End(at time.Time, failed string)
	// Parent is the value of the header "traceparent" (W3C Trace Context) for whoever does a part of it elsewhere.
	Parent() string
}

// Source begins traces.
type Source interface {
	// Begin begins one; nil when it is not to be kept.
	Begin(name string, from From) Keeper
}

// From is where a trace begins.
type From struct {
	At     time.Time
	Parent string // the header "traceparent" of a request that somebody trusted has sent
	Of     string // what the trace is of, when several may begin it apart: the same name is the same trace everywhere
	Part   bool   // of what it is of: another one begins the whole
}

// Tracer begins spans; a nil one begins none.
type Tracer struct{ source Source }

// New makes a tracer.
func New(s Source) *Tracer { return &Tracer{s} }

// Begin begins a trace, or goes on with one.
func (t *Tracer) Begin(name string, from From) *Span {
	if t == nil {
		return nil
	}
	if k := t.source.Begin(name, from); k != nil {
		return &Span{k}
	}
	return nil
}

// Span is something that takes time. A nil one is kept by nobody.
type Span struct{ keeper Keeper }

type key struct{}

// With gives a span to whatever is done with the context.
func With(ctx context.Context, s *Span) context.Context {
	if s == nil {
		return ctx
	}
	return context.WithValue(ctx, key{}, s)
}

// Of is the span that a context goes along with; nil when there is none.
func Of(ctx context.Context) *Span {
	s, _ := ctx.Value(key{}).(*Span)
	return s
}

// Start begins a span within that of the context.
func Start(ctx context.Context, name string) (context.Context, *Span) {
	s := Of(ctx).Child(name, time.Now())
	return With(ctx, s), s
}

// Child begins a span within this one.
func (s *Span) Child(name string, at time.Time) *Span {
	if s == nil {
		return nil
	}
	return &Span{s.keeper.Child(name, at)}
}

// Note adds a span within this one that is over.
func (s *Span) Note(name string, from, to time.Time) {
	if s != nil && !from.IsZero() && !to.IsZero() {
		s.keeper.Child(name, from).End(to, "")
	}
}

// Name gives a span another name, where the first had to do until more was known.
func (s *Span) Name(name string) {
	if s != nil {
		s.keeper.Name(name)
	}
}

// Set says something about a span: a string, an int or a bool.
func (s *Span) Set(key string, value any) {
	if s != nil {
		s.keeper.Set(key, value)
	}
}

// End ends a span now; failed is the code of what went wrong, "" when nothing did.
func (s *Span) End(failed string) { s.EndAt(time.Now(), failed) }

// EndAt ends a span at a time.
func (s *Span) EndAt(at time.Time, failed string) {
	if s != nil {
		s.keeper.End(at, failed)
	}
}

// Parent is the value of the header "traceparent" for whoever does a part of it elsewhere; "" when nobody keeps it.
func (s *Span) Parent() string {
	if s == nil {
		return ""
	}
	return s.keeper.Parent()
}
