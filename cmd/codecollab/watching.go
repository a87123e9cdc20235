package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/gate"
	"codecollab.dev/internal/hint/desk"
	"codecollab.dev/internal/metrics"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/server"
	"codecollab.dev/internal/trace"
	"codecollab.dev/internal/trace/otlp"
	"codecollab.dev/languages"
)

// watching is all by which somebody sees from outside what a server does: metrics, traces, and the administrators' page.
type watching struct {
	*metrics.Metrics
	trace     *trace.Tracer // nil: nobody keeps any
	health    *health
	catalogue languages.Catalogue
}

// watch begins to watch. What there is to look at comes later, with health.look.
func watch(ctx context.Context, live *liveSettings, catalogue languages.Catalogue, log *slog.Logger, done *closers) (*watching, error) {
	s := live.get()
	h := newHealth(live)
	w := &watching{Metrics: metrics.New(version, nodeName(s), codecollab.Protocol, h.sample), health: h, catalogue: catalogue}
	h.diverged = w.Diverged
	if s.OtlpURL != "" {
		if u, err := url.Parse(s.OtlpURL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("otlp-url is %q, but has to be the address of a collector, like http://localhost:4318/v1/traces", s.OtlpURL)
		}
		sender, err := otlp.New(ctx, otlp.Options{
			URL: s.OtlpURL, Token: s.OtlpToken.Reveal(), Sample: float64(s.OtlpSample) / 1000, Version: version, Node: nodeName(s), Log: log,
		})
		if err != nil {
			return nil, err
		}
		w.trace = trace.New(sender)
		done.add(func() error {
			within, cancel := context.WithTimeout(context.Background(), closeTraces)
			defer cancel()
			if err := sender.Close(within); err != nil {
				log.Warn("the last spans are lost", "err", err)
			}
			return nil
		})
	}
	return w, nil
}

// closeTraces is how long a server that stops waits for the collector.
const closeTraces = 5 * time.Second

// nodeName is what a node is called.
func nodeName(s config.Settings) string {
	if s.Node != "" {
		return s.Node
	}
	name, err := os.Hostname()
	if err != nil {
		return "node"
	}
	return name
}

// serveMetrics answers scrapes, on an address of their own, so that nobody reads them who only reaches the page.
func (w *watching) serveMetrics(addr string, log *slog.Logger, done *closers) error {
	if addr == "" {
		return nil
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("metrics-addr: %w; choose another address, or leave it empty", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", w.Handler())
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
	log.Info("metrics", "addr", l.Addr().String())
	done.add(srv.Close)
	done.add(background(func(context.Context) {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics are not served any more", "err", err)
		}
	}))
	done.add(srv.Close) // before the one above, which waits for Serve
	return nil
}

// Edit implements server.Watch.
func (w *watching) Edit(e server.Edit) {
	w.Edited(&metrics.Edit{
		Kind: e.Kind, Code: e.Code, Again: e.Again, Received: e.Received,
		Taken: e.At.Taken, Ready: e.At.Ready, Durable: e.At.Durable, Retries: e.At.MovedOn,
	})
}

// Sent implements server.Watch.
func (w *watching) Sent(since, at time.Time) { w.Metrics.Sent(at.Sub(since)) }

// Echoed implements server.Watch.
func (w *watching) Echoed(received, at time.Time) { w.Metrics.Echoed(at.Sub(received)) }

// request is told of every request.
func (w *watching) request(s gate.Seen) {
	w.Asked(metrics.Request{Route: s.Route, Status: s.Status, In: s.In, Out: s.Out, Took: s.Took, Long: s.Long})
}

// runEnded is told of every run.
func (w *watching) runEnded(e run.Ended) {
	language := "other"
	if l, ok := w.catalogue.Find(e.Language); ok {
		language = l.ID
	}
	w.RunEnded(language, e.Outcome, e.Waited, e.Took)
}

// hinted is told of every question for a hint.
func (w *watching) hinted(r desk.Record) {
	w.Hinted(metrics.Hint{
		Source: string(r.Source), Outcome: r.Outcome, Cached: r.Cached, TokensIn: r.TokensIn, TokensOut: r.TokensOut,
		First: time.Duration(r.FirstMS) * time.Millisecond, Whole: time.Duration(r.TotalMS) * time.Millisecond,
	})
}

// noted is told of all that goes into the audit log.
func (w *watching) noted(e auth.Entry) {
	if e.Action == auth.ActSignIn {
		w.SignIn(wayOf(e.Detail["via"]), e.Outcome)
	}
}

// wayOf names a way to sign in. Connections of organisations, of which there may be many, are one.
func wayOf(via string) string {
	switch via {
	case "password", "passkey", "setup", "reset", "invitation", "register", "main", "google", "github":
		return via
	case "":
		return "unknown"
	}
	return "organisation"
}

// watchedLog is the log of rooms whose appends are timed.
type watchedLog struct {
	room.Log
	seen *watching
}

func (w *watching) log(l room.Log) room.Log { return watchedLog{l, w} }

func (l watchedLog) failed(operation string, err error) {
	if err == nil || room.IsMovedOn(err) {
		return
	}
	if code := codecollab.CodeOf(err); code == "internal" || code == "read_only" {
		l.seen.StoreFailed(operation)
	}
}

// Create implements room.Log.
func (l watchedLog) Create(ctx context.Context, id string, first []room.Record) error {
	err := l.Log.Create(ctx, id, first)
	l.failed("create", err)
	return err
}

// Append implements room.Log.
func (l watchedLog) Append(ctx context.Context, id string, expected codecollab.Version, records []room.Record) error {
	began := time.Now()
	err := l.Log.Append(ctx, id, expected, records)
	if err == nil && len(records) > 0 {
		l.seen.Commit(time.Since(began))
	}
	l.failed("append", err)
	return err
}

// Read implements room.Log.
func (l watchedLog) Read(ctx context.Context, id string, after codecollab.Version, limit int) ([]room.Record, error) {
	records, err := l.Log.Read(ctx, id, after, limit)
	l.failed("read", err)
	return records, err
}

// Snapshot implements room.Log.
func (l watchedLog) Snapshot(ctx context.Context, id string, atMost codecollab.Version) (room.Snapshot, error) {
	s, err := l.Log.Snapshot(ctx, id, atMost)
	l.failed("snapshot", err)
	return s, err
}

// Save implements room.Log.
func (l watchedLog) Save(ctx context.Context, id string, s room.Snapshot) error {
	err := l.Log.Save(ctx, id, s)
	l.failed("save", err)
	return err
}
