package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/Masterminds/semver/v3"

	"codecollab.dev/internal/toolchain"
	"codecollab.dev/languages"
)

// packageInfo is an entry of GET /packages. The version of what is not installed is the one that would be.
type packageInfo struct {
	Language  string `json:"language"`
	Version   string `json:"language_version"`
	Installed bool   `json:"installed"`
}

// packageDone answers a request that installed or removed a language.
type packageDone struct {
	Language string    `json:"language"`
	Version  string    `json:"version"`
	Check    []Checked `json:"check,omitempty"` // asked for by check
}

func (s *Server) listPackages(w http.ResponseWriter, r *http.Request) error {
	if err := s.current(r.Context()); err != nil {
		return err
	}
	offered := s.offers(r.Context(), s.catalogue)
	list := []packageInfo{}
	for _, l := range s.searches {
		have := s.versionsOf(l)
		for _, v := range have {
			list = append(list, packageInfo{l.ID, v.String(), true})
		}
		if len(have) == 0 {
			list = append(list, packageInfo{Language: l.ID, Version: offered[l.ID].String()})
		}
	}
	return writeJSON(w, http.StatusOK, list)
}

// versionsOf gives the versions of a language that are here, in the order of the environments.
func (s *Server) versionsOf(l *search) []*semver.Version {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*semver.Version
	for _, i := range l.found {
		if !slices.ContainsFunc(all, i.version.Equal) {
			all = append(all, i.version)
		}
	}
	return all
}

// packageRequest is the body of POST and DELETE /packages.
type packageRequest struct {
	Language any  `json:"language"`
	Version  any  `json:"version"`
	Check    bool `json:"check"` // an addition: run the language's tests when it is installed
}

// installPackage installs a language into an environment; it is finished even if the client leaves.
func (s *Server) installPackage(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, func(ctx context.Context, l *search, asked packageRequest) (*packageDone, error) {
		if len(s.versionsOf(l)) > 0 {
			return nil, failed("Already installed")
		}
		if err := s.install(ctx, l.Language); err != nil {
			return nil, err
		}
		have := s.lookAgain(l)
		if len(have) == 0 {
			s.mu.Lock()
			defer s.mu.Unlock()
			return nil, failed("%s was installed, but does not work in the sandbox: %s", l.ID, l.why)
		}
		done := &packageDone{Language: l.ID, Version: have[0].String()}
		var err error
		if asked.Check {
			done.Check, err = s.Check(ctx, []string{l.ID}, func(Checked) {})
		}
		return done, err
	})
}

func (s *Server) installer() *toolchain.Installer {
	o := s.options.Toolchain
	if o.Log == nil {
		o.Log = s.options.Logger
	}
	return toolchain.NewInstaller(s.store, s.catalogue, o)
}

func (s *Server) install(ctx context.Context, l languages.Language) error {
	i := s.installer()
	plan, err := i.Plan(ctx, []languages.Language{l})
	if err != nil {
		return failed("%s cannot be installed: %v", l.ID, err)
	}
	if why := plan.Refused[l.ID]; why != "" {
		return failed("%s cannot be installed: %s", l.ID, why)
	}
	if err := i.Apply(ctx, plan); err != nil {
		return failed("%s could not be installed: %v", l.ID, err)
	}
	return nil
}

// removePackage removes what was installed for this language and only it needs. What the host has by itself stays.
func (s *Server) removePackage(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, func(ctx context.Context, l *search, _ packageRequest) (*packageDone, error) {
		have := s.versionsOf(l)
		if len(have) == 0 {
			return nil, failed("%s-%s is not installed", l.ID, s.offers(ctx, languages.Catalogue{l.Language})[l.ID])
		}
		if err := s.installer().Remove(ctx, l.Language); err != nil {
			return nil, failed("%s could not be removed: %v", l.ID, err)
		}
		s.lookAgain(l)
		return &packageDone{Language: l.ID, Version: have[0].String()}, nil
	})
}

// lookAgain looks whether a language has come or gone.
func (s *Server) lookAgain(l *search) []*semver.Version {
	s.show()
	a := &asker{server: s}
	defer a.close()
	s.look(a, l)
	s.remember()
	s.show()
	s.begin(s.warmAll)
	return s.versionsOf(l)
}

// failed is Piston's form of a package that could not be installed or removed.
func failed(format string, args ...any) error {
	return &httpError{http.StatusInternalServerError, fmt.Sprintf(format, args...)}
}

// managing bounds one installation, downloads and all.
const managing = 20 * time.Minute

// change finds the language that a request names and lets do install or remove it, one request at a time.
func (s *Server) change(w http.ResponseWriter, r *http.Request, do func(context.Context, *search, packageRequest) (*packageDone, error)) error {
	if !s.options.Packages {
		return &httpError{http.StatusForbidden, "this runner does not install languages over its API: its operator can allow it (runner-packages), or use codecollab languages install"}
	}
	raw, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	var asked packageRequest
	if err := json.Unmarshal(raw, &asked); err != nil {
		return unreadable(err)
	}
	if err := s.await(r.Context()); err != nil {
		return err
	}
	l := s.packageNamed(r.Context(), asked.Language, asked.Version)
	if l == nil {
		return &httpError{http.StatusNotFound, fmt.Sprintf("Requested package %s-%s does not exist", said(asked.Language), said(asked.Version))}
	}
	ctx, leave := s.within(context.WithoutCancel(r.Context()))
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, managing)
	defer cancel()
	s.turn.Lock()
	defer s.turn.Unlock()
	done, err := do(ctx, l, asked)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, done)
}

// said is a value in a message, as JavaScript would write it.
func said(v any) string {
	if s, ok := v.(string); ok {
		return cut(s)
	}
	return "undefined"
}

func (s *Server) packageNamed(ctx context.Context, name, version any) *search {
	id, _ := name.(string)
	span, _ := version.(string)
	l := s.searchFor(id)
	within, known := parseSelector(span)
	if l == nil || !known {
		return nil
	}
	have := s.versionsOf(l)
	if len(have) == 0 {
		have = append(have, s.offers(ctx, languages.Catalogue{l.Language})[l.ID])
	}
	if !slices.ContainsFunc(have, within.has) {
		return nil
	}
	return l
}
