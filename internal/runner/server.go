package runner

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"codecollab.dev/internal/runner/sandbox"
	"codecollab.dev/internal/toolchain"
	"codecollab.dev/languages"
)

// Server runs programs. Make it with New, serve its Handler, Close it.
type Server struct {
	options   Options
	catalogue languages.Catalogue
	sandbox   *sandbox.Sandbox
	gate      *gate
	store     *toolchain.Store
	turn      sync.Mutex      // held by whoever installs or removes
	stopping  context.Context // ends with Close, and ends every job
	stop      context.CancelFunc
	chores    sync.WaitGroup // jobs' ends, detection, warming
	searches  []*search      // one a language, in the catalogue's order
	memory    *memory
	detected  chan struct{} // closed when all languages have been looked for once

	mu sync.Mutex // guards what searches have found, and chores against Close

	shaping    sync.Mutex  // held while what cells see is found out
	refreshing sync.Mutex  // guards state
	state      string      // of what is installed, when it was looked at last
	askAgain   atomic.Bool // whatever the state: a language could not be asked
}

// Report says what confines programs and which languages there are. Languages found may still be warming.
type Report struct {
	Sandbox   sandbox.Report    `json:"sandbox"`
	Languages []LanguageReport  `json:"languages"`
	Missing   map[string]string `json:"missing"` // id → why
}

// LanguageReport is a language that is installed. There is one for each version.
type LanguageReport struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Version     string `json:"version"`
	Environment string `json:"environment"`

	Analysers []string `json:"analysers,omitempty"` // what hints may ask about programs of it
}

// New tests the sandbox and begins to look for languages; it returns before they are found. The error is a
// *sandbox.Refusal when this host cannot confine programs, or says which option is wrong. ctx bounds the test only.
func New(ctx context.Context, o Options) (*Server, error) {
	if err := CheckAddr(o.Addr, o.Token); err != nil {
		return nil, err
	}
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if o.Languages == nil {
		if o.Languages, err = languages.Load(); err != nil {
			return nil, err
		}
	}
	s := &Server{options: o, catalogue: o.Languages, gate: newGate(o.Concurrency, o.Queue), store: toolchain.Open(o.DataDir),
		memory: openMemory(filepath.Join(o.DataDir, "versions.json")), detected: make(chan struct{})}
	for _, l := range s.catalogue {
		s.searches = append(s.searches, &search{Language: l, done: make(chan struct{})})
	}
	if err := o.writeDrivers(s.catalogue); err != nil {
		o.Logger.Warn("languages that need a program of our own will not work", "err", err)
	}
	host, err := o.viewIn(toolchain.Environment{Name: toolchain.Host, Root: "/"}, s.catalogue, false)
	if err != nil {
		return nil, err
	}
	s.sandbox, err = sandbox.New(ctx, sandbox.Config{
		Spec: sandbox.Spec{Trees: host.Trees, Disk: o.Disk, Inodes: o.Inodes, Files: o.OpenFiles},
		Pool: o.Pool, Logger: o.Logger, Tier: o.Sandbox, Runtime: o.OCIRuntime, AllowWeaker: o.AllowWeaker, Dir: filepath.Join(o.DataDir, "cells"),
	})
	if err != nil {
		return nil, err
	}
	s.stopping, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.state = s.stateNow()
	s.show()
	s.chores.Go(s.detect)
	return s, nil
}

// Close ends every job and destroys all cells; it waits until nothing is left of them.
func (s *Server) Close() error {
	s.mu.Lock() // after this no job is let in, so that nothing is added to what is waited for
	s.stop()
	s.mu.Unlock()
	s.chores.Wait()
	return s.sandbox.Close()
}

// Report waits until all languages have been looked for.
func (s *Server) Report(ctx context.Context) (Report, error) {
	if err := s.await(ctx); err != nil {
		return Report{}, err
	}
	r := Report{Sandbox: s.sandbox.Report(), Missing: map[string]string{}}
	for _, l := range s.list() {
		r.Languages = append(r.Languages, LanguageReport{l.ID, l.Name, l.version.String(), l.environment.Name, s.analysers(l.environment, l.Language)})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.searches {
		if l.why != "" {
			r.Missing[l.ID] = l.why
		}
	}
	return r, nil
}

// begin does something in the background, which Close waits for; not if the server is closing already.
func (s *Server) begin(do func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping.Err() != nil {
		return false
	}
	s.chores.Go(do)
	return true
}

// within gives a job's context: it ends with the client's or the server's. Close waits until leave is called, once.
func (s *Server) within(parent context.Context) (ctx context.Context, leave func()) {
	ctx, cancel := context.WithCancel(parent)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping.Err() != nil {
		cancel()
		return ctx, func() {}
	}
	stop := context.AfterFunc(s.stopping, cancel)
	s.chores.Add(1)
	return ctx, func() { stop(); cancel(); s.chores.Done() }
}

// httpError is a failure with a status of its own.
type httpError struct {
	status  int
	message string
}

func (e *httpError) Error() string { return e.message }

func (s *Server) authorized(r *http.Request) error {
	if s.options.Token == "" {
		return nil
	}
	// Piston's clients send the key alone.
	given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if subtle.ConstantTimeCompare([]byte(given), []byte(s.options.Token)) == 1 {
		return nil
	}
	return &httpError{http.StatusUnauthorized, "this runner needs a bearer token"}
}

// classify turns an error into a status and a sentence; what is not meant for clients stays in the log.
func (s *Server) classify(err error) (int, string) {
	if bad := (*badRequest)(nil); errors.As(err, &bad) {
		return http.StatusBadRequest, bad.message
	}
	if known := (*httpError)(nil); errors.As(err, &known) {
		return known.status, known.message
	}
	if errors.Is(err, context.Canceled) {
		return http.StatusServiceUnavailable, "the run was stopped"
	}
	s.options.Logger.Error("a job failed", "err", err)
	return http.StatusInternalServerError, "the runner failed; its log says why"
}

// retryAfter is after how many seconds to ask a full runner again.
const retryAfter = 1

func (s *Server) fail(w http.ResponseWriter, err error) {
	status, message := s.classify(err)
	switch status {
	case http.StatusTooManyRequests:
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	_ = writeJSON(w, status, refusal{message, s.hint(err)})
}

// refusal is the body of every answer that is a failure. The hint is an addition to Piston, whose messages stay as they are.
type refusal struct {
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// hint says what can be done about a language that is not here.
func (s *Server) hint(err error) string {
	var bad *badRequest
	if !errors.As(err, &bad) || bad.unknown == "" {
		return ""
	}
	l := s.searchFor(bad.unknown)
	if l == nil {
		return ""
	}
	var here []string
	for _, v := range s.versionsOf(l) {
		here = append(here, v.String())
	}
	if len(here) > 0 {
		return fmt.Sprintf("%s is here as %s", l.Name, strings.Join(here, ", "))
	}
	return fmt.Sprintf("%s is not installed on this server; an administrator can run: codecollab languages install %s", l.Name, l.ID)
}

// await waits until all languages have been looked for.
func (s *Server) await(ctx context.Context) error {
	select {
	case <-s.detected:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.stopping.Done():
		return context.Canceled
	}
}

func (s *Server) listRuntimes(w http.ResponseWriter, r *http.Request) error {
	if err := s.current(r.Context()); err != nil {
		return err
	}
	list := []runtimeInfo{}
	for _, l := range s.list() {
		list = append(list, l.info())
	}
	return writeJSON(w, http.StatusOK, list)
}
