// Package otlp sends spans to a collector that takes OTLP over HTTP, like OpenTelemetry's, Jaeger, Tempo or many a service.
package otlp

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"

	"codecollab.dev/internal/trace"
)

// Options say where spans go.
type Options struct {
	URL     string  // of the collector, like http://localhost:4318/v1/traces
	Token   string  // a bearer token, "" for none
	Sample  float64 // the part of all traces that is kept, from 0 to 1
	Version string
	Node    string
	Log     *slog.Logger
}

// Sender is a trace.Source.
type Sender struct {
	provider *sdk.TracerProvider
	tracer   oteltrace.Tracer
}

// New makes a sender. A collector that is away stops nothing: its spans are lost, which is logged.
func New(ctx context.Context, opt Options) (*Sender, error) {
	to := []otlptracehttp.Option{otlptracehttp.WithEndpointURL(opt.URL), otlptracehttp.WithTimeout(10 * time.Second)}
	if opt.Token != "" {
		to = append(to, otlptracehttp.WithHeaders(map[string]string{"Authorization": "Bearer " + opt.Token}))
	}
	exporter, err := otlptracehttp.New(ctx, to...)
	if err != nil {
		return nil, fmt.Errorf("otlp-url: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { opt.Log.Warn("spans are lost", "err", err) }))
	about := resource.NewSchemaless(
		attribute.String("service.name", "codecollab"), attribute.String("service.version", opt.Version), attribute.String("service.instance.id", opt.Node),
	)
	p := sdk.NewTracerProvider(
		sdk.WithBatcher(exporter), sdk.WithResource(about), sdk.WithIDGenerator(ids{}),
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(opt.Sample))),
	)
	return &Sender{provider: p, tracer: p.Tracer("codecollab.dev")}, nil
}

// Close sends what is left.
func (s *Sender) Close(ctx context.Context) error { return s.provider.Shutdown(ctx) }

// Begin implements trace.Source.
func (s *Sender) Begin(name string, from trace.From) trace.Keeper {
	ctx := context.Background()
	switch {
	case from.Of != "" && from.Part:
		ctx = oteltrace.ContextWithRemoteSpanContext(ctx, s.whole(from.Of))
	case from.Of != "":
		ctx = context.WithValue(ctx, wanted{}, nameOf(from.Of))
	case from.Parent != "":
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": from.Parent})
	}
	ctx, span := s.tracer.Start(ctx, name, oteltrace.WithTimestamp(from.At), oteltrace.WithSpanKind(oteltrace.SpanKindServer))
	if !span.IsRecording() {
		return nil
	}
	return &keeper{s, ctx, span}
}

// whole is the span of a whole trace, which somebody else begins, and whether it is kept: all decide the same.
func (s *Sender) whole(of string) oteltrace.SpanContext {
	id := nameOf(of)
	_, probe := s.tracer.Start(context.WithValue(context.Background(), wanted{}, id), "probe")
	flags := oteltrace.TraceFlags(0).WithSampled(probe.SpanContext().IsSampled()) // never ended, so never sent
	return oteltrace.NewSpanContext(oteltrace.SpanContextConfig{TraceID: id.trace, SpanID: id.span, TraceFlags: flags, Remote: true})
}

type keeper struct {
	sender *Sender
	ctx    context.Context
	span   oteltrace.Span
}

// Child implements trace.Keeper.
func (k *keeper) Child(name string, at time.Time) trace.Keeper {
	ctx, span := k.sender.tracer.Start(k.ctx, name, oteltrace.WithTimestamp(at))
	return &keeper{k.sender, ctx, span}
}

// Name implements trace.Keeper.
func (k *keeper) Name(name string) { k.span.SetName(name) }

// Set implements trace.Keeper.
func (k *keeper) Set(key string, value any) {
	switch v := value.(type) {
	case string:
		k.span.SetAttributes(attribute.String(key, v))
	case int:
		k.span.SetAttributes(attribute.Int(key, v))
	case bool:
		k.span.SetAttributes(attribute.Bool(key, v))
	}
}

// End implements trace.Keeper.
func (k *keeper) End(at time.Time, failed string) {
	if failed != "" {
		k.span.SetStatus(codes.Error, failed)
	}
	k.span.End(oteltrace.WithTimestamp(at))
}

// Parent implements trace.Keeper.
func (k *keeper) Parent() string {
	c := k.span.SpanContext()
	return fmt.Sprintf("00-%s-%s-%s", c.TraceID(), c.SpanID(), c.TraceFlags())
}

// ids makes the identifiers of traces and spans: random ones, but for a trace that several nodes begin apart.
type ids struct{}

type wanted struct{}

type id struct {
	trace oteltrace.TraceID
	span  oteltrace.SpanID
}

// nameOf is the identifier of a trace and its first span, that follows from what it is of.
func nameOf(of string) (out id) {
	sum := sha256.Sum256([]byte(of))
	copy(out.trace[:], sum[:16])
	copy(out.span[:], sum[16:24])
	return out
}

// NewIDs implements sdktrace.IDGenerator.
func (ids) NewIDs(ctx context.Context) (t oteltrace.TraceID, s oteltrace.SpanID) {
	if want, ok := ctx.Value(wanted{}).(id); ok {
		return want.trace, want.span
	}
	fill(t[:])
	return t, ids{}.NewSpanID(ctx, t)
}

// NewSpanID implements sdktrace.IDGenerator.
func (ids) NewSpanID(context.Context, oteltrace.TraceID) (s oteltrace.SpanID) {
	fill(s[:])
	return s
}

// fill makes what need not be unguessable, only different.
func fill(b []byte) {
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
}
