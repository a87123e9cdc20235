package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/Masterminds/semver/v3"

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
	Language string `json:"language"`
	Version  string `json:"version"`
}

func (s *Server) listPackages(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.runtimes(r.Context()); err != nil {
		return err
	}
	offered := s.host.offers(r.Context(), s.catalogue)
	list := []packageInfo{}
	for _, l := range s.catalogue {
		p := packageInfo{Language: l.ID, Version: offered[l.ID].String()}
		if i := s.installed(l.ID); i != nil {
			p.Version, p.Installed = i.version.String(), true
		}
		list = append(list, p)
	}
	return writeJSON(w, http.StatusOK, list)
}

// installPackage installs a language with the package managers of the host; it is finished even if the client leaves.
func (s *Server) installPackage(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, func(ctx context.Context, l languages.Language) (*installed, error) {
		if s.installed(l.ID) != nil {
			return nil, failed("Already installed")
		}
		if err := s.host.install(ctx, l); err != nil {
			return nil, err
		}
		i, err := s.look(l)
		if err != nil {
			return nil, failed("%s was installed, but does not work in the sandbox: %v", l.ID, err)
		}
		return i, nil
	})
}

// removePackage removes what only this language needs, and refuses to take anything else from the host.
func (s *Server) removePackage(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, func(ctx context.Context, l languages.Language) (*installed, error) {
		i := s.installed(l.ID)
		if i == nil {
			version := s.host.offers(ctx, s.catalogue)[l.ID]
			return nil, failed("%s-%s is not installed", l.ID, version)
		}
		if err := s.host.remove(ctx, l, s.others(l.ID)); err != nil {
			return nil, err
		}
		if _, err := s.look(l); err == nil {
			return nil, failed("%s is still there: it did not come from %s", l.ID, strings.Join(l.Install.Apt, ", "))
		}
		return i, nil
	})
}

// failed is Piston's form of a package that could not be installed or removed.
func failed(format string, args ...any) error {
	return &httpError{http.StatusInternalServerError, fmt.Sprintf(format, args...)}
}

// managing bounds one installation, downloads and all.
const managing = 20 * time.Minute

// change finds the language that a request names and lets do change the host, one request at a time.
func (s *Server) change(w http.ResponseWriter, r *http.Request, do func(context.Context, languages.Language) (*installed, error)) error {
	if !s.options.Packages {
		return &httpError{http.StatusForbidden, "this runner does not install languages over its API: its operator can allow it (runner-packages), or install them on the host"}
	}
	raw, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	var asked struct{ Language, Version any }
	if err := json.Unmarshal(raw, &asked); err != nil {
		return unreadable(err)
	}
	if _, err := s.runtimes(r.Context()); err != nil {
		return err
	}
	l, ok := s.packageNamed(r.Context(), asked.Language, asked.Version)
	if !ok {
		return &httpError{http.StatusNotFound, fmt.Sprintf("Requested package %s-%s does not exist", said(asked.Language), said(asked.Version))}
	}
	ctx, leave := s.within(context.WithoutCancel(r.Context()))
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, managing)
	defer cancel()
	s.host.turn.Lock()
	defer s.host.turn.Unlock()
	i, err := do(ctx, l)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, packageDone{l.ID, i.version.String()})
}

// said is a value in a message, as JavaScript would write it.
func said(v any) string {
	if s, ok := v.(string); ok {
		return cut(s)
	}
	return "undefined"
}

func (s *Server) packageNamed(ctx context.Context, name, version any) (languages.Language, bool) {
	id, _ := name.(string)
	span, _ := version.(string)
	l, ok := s.catalogue.Find(id)
	within, known := parseSelector(span)
	if !ok || !known {
		return l, false
	}
	if i := s.installed(l.ID); i != nil {
		return l, within.has(i.version)
	}
	return l, within.has(s.host.offers(ctx, languages.Catalogue{l})[l.ID])
}

func (s *Server) installed(id string) *installed {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.found {
		if i.ID == id {
			return i
		}
	}
	return nil
}

// others lists the languages that are installed beside one.
func (s *Server) others(id string) []languages.Language {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []languages.Language
	for _, i := range s.found {
		if i.ID != id {
			list = append(list, i.Language)
		}
	}
	return list
}

// look asks one language again whether it is there, and takes the answer over.
func (s *Server) look(l languages.Language) (*installed, error) {
	if err := s.showTrees(); err != nil {
		return nil, err
	}
	c, err := s.sandbox.Acquire(s.stopping)
	if err != nil {
		return nil, err
	}
	defer s.discard(c)
	found, err := s.versionOf(c, l)
	s.note(l, found, err)
	if err == nil {
		s.chores.Go(func() { s.warm(found) }) // within keeps Close from waiting already
	}
	return found, err
}

// note writes down what became of looking for a language. Lists that were handed out stay as they are.
func (s *Server) note(l languages.Language, found *installed, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.DeleteFunc(slices.Clone(s.found), func(i *installed) bool { return i.ID == l.ID })
	delete(s.absent, l.ID)
	if found == nil {
		s.absent[l.ID] = reason(l, err)
	} else {
		list = append(list, found)
		slices.SortFunc(list, func(a, b *installed) int { return strings.Compare(a.ID, b.ID) })
	}
	s.found = list
}

// unknownVersion stands for a package of which the host says nothing.
var unknownVersion = semver.New(0, 0, 0, "", "")
