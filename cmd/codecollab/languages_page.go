package main

import (
	"context"
	"log/slog"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/Masterminds/semver/v3"

	"codecollab.dev"
	"codecollab.dev/internal/run/piston"
	"codecollab.dev/internal/server"
	"codecollab.dev/languages"
)

// langs is the catalogue, with what the runner can run.
type langs struct {
	catalogue languages.Catalogue
	engine    *engine
	log       *slog.Logger

	mu     sync.Mutex // guards all below
	asked  time.Time  // when the last answer came
	asking chan struct{}
	found  map[string]here // by id; nil until the runner has answered
}

// here is what the runner has of a language: the newest version first.
type here struct {
	versions []string
	formats  bool
}

const (
	// askAgain is how old the runner's answer may be: languages come and go when an operator installs them.
	askAgain = 30 * time.Second
	// listWithin is how long a page waits for the runner's answer. A runner that has just started tries all its languages first.
	listWithin = 2 * time.Second
	// askWithin is how long the runner may take to answer.
	askWithin = 2 * time.Minute
)

func newLanguages(c languages.Catalogue, e *engine, log *slog.Logger) *langs {
	return &langs{catalogue: c, engine: e, log: log}
}

// List implements server.Languages.
func (l *langs) List(ctx context.Context) ([]server.Language, bool) {
	found := l.known(ctx)
	out := make([]server.Language, 0, len(l.catalogue))
	for _, lang := range l.catalogue {
		out = append(out, pageLanguage(lang, found[lang.ID]))
	}
	slices.SortFunc(out, func(a, b server.Language) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out, found == nil
}

// Find implements server.Languages.
func (l *langs) Find(name string) (server.LanguageDetail, bool) {
	lang, ok := l.catalogue.Find(name)
	l.mu.Lock()
	found := l.found[lang.ID]
	l.mu.Unlock()
	return server.LanguageDetail{Language: pageLanguage(lang, found), Sample: lang.Sample, Errors: lang.Errors}, ok
}

func pageLanguage(l languages.Language, h here) server.Language {
	out := server.Language{
		ID: l.ID, Name: l.Name, VariantOf: l.VariantOf, Aliases: l.Aliases, Extensions: l.Extensions, Headers: l.Headers,
		Mode: l.Editor, Indent: l.Indent, File: path.Base(l.Source), Available: len(h.versions) > 0, Formats: h.formats,
	}
	if l.Comments.Line != "" || len(l.Comments.Block) > 0 {
		out.Comments = &server.Comments{Line: l.Comments.Line, Block: l.Comments.Block}
	}
	if len(h.versions) > 0 {
		out.Version = h.versions[0]
	}
	if len(h.versions) > 1 {
		out.Versions = h.versions
	}
	return out
}

// known is what the runner has said last; nil when it has said nothing yet. An old answer is used while a new one is on its
// way and takes long.
func (l *langs) known(ctx context.Context) map[string]here {
	l.mu.Lock()
	if l.asking == nil && time.Since(l.asked) >= askAgain {
		l.asking = make(chan struct{})
		go l.ask(l.asking)
	}
	asking := l.asking
	l.mu.Unlock()
	if asking != nil {
		select {
		case <-asking:
		case <-time.After(listWithin):
		case <-ctx.Done():
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.found
}

// ask asks the runner what it has, for everybody who waits. While it does not answer, the last answer stands.
func (l *langs) ask(done chan struct{}) {
	defer close(done)
	ctx, cancel := context.WithTimeout(l.engine.ctx, askWithin)
	defer cancel()
	runtimes, err := l.engine.Runtimes(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asking = nil
	if err != nil {
		if ctx.Err() == nil {
			l.log.Warn("the runner does not say which languages it has", "err", err, "because", l.engine.failure())
		}
		return
	}
	l.asked, l.found = time.Now(), installed(l.catalogue, runtimes)
}

// installed sorts the runner's answer by the catalogue's ids.
func installed(c languages.Catalogue, runtimes []piston.Runtime) map[string]here {
	found := map[string]here{}
	for _, r := range runtimes {
		for _, name := range append([]string{r.Language}, r.Aliases...) {
			lang, ok := c.Find(name)
			if !ok {
				continue
			}
			h := found[lang.ID]
			h.formats = h.formats || r.Formats
			if !slices.Contains(h.versions, r.Version) {
				h.versions = append(h.versions, r.Version)
			}
			slices.SortFunc(h.versions, newerFirst)
			found[lang.ID] = h
			break
		}
	}
	return found
}

// newerFirst compares versions; what is none, from a runner of somebody else's, is compared as text.
func newerFirst(a, b string) int {
	x, errX := semver.NewVersion(a)
	y, errY := semver.NewVersion(b)
	if errX != nil || errY != nil {
		return strings.Compare(b, a)
	}
	return y.Compare(x)
}

// Format implements server.Formatter.
func (l *langs) Format(ctx context.Context, f server.Source) (string, error) {
	if lang, _ := l.Find(f.Language); !lang.Formats {
		return "", codecollab.Errorf(codecollab.NotFound, "no_format", "This server has no formatter for %s.", lang.Name)
	}
	return l.engine.Format(ctx, piston.Source{Language: f.Language, Version: f.Version, Name: f.Name, Content: f.Content})
}
