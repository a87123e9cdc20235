package runner

import (
	"errors"
	"regexp"
	"strings"
	"sync"

	"github.com/Masterminds/semver/v3"

	"codecollab.dev/internal/toolchain"
	"codecollab.dev/languages"
)

// installed is a language that an environment has.
type installed struct {
	languages.Language
	environment toolchain.Environment
	version     *semver.Version
	formats     bool          // its formatter is there, too
	warm        chan struct{} // closed when the compile cache is there, or there is none
	warming     sync.Once
	warmed      sync.Once
}

func (i *installed) markWarm() { i.warmed.Do(func() { close(i.warm) }) }

// view is what cells show that run it.
func (i *installed) view() string { return viewOf(i.environment) }

// viewOf is the sandbox's name for an environment; the host is what it shows anyway.
func viewOf(e toolchain.Environment) string {
	if e.Name == toolchain.Host {
		return ""
	}
	return e.Name
}

// runtimeInfo is an entry of GET /runtimes.
type runtimeInfo struct {
	Language    string   `json:"language"`
	Version     string   `json:"version"`
	Aliases     []string `json:"aliases"`
	Runtime     string   `json:"runtime,omitempty"`
	Environment string   `json:"environment"`       // an addition: the root file system that has it
	Formats     bool     `json:"formats,omitempty"` // an addition: /format knows it
}

func (i *installed) info() runtimeInfo {
	aliases := i.Aliases
	if aliases == nil {
		aliases = []string{}
	}
	return runtimeInfo{i.ID, i.version.String(), aliases, i.Language.Runtime, i.environment.Name, i.formats}
}

// choose finds the newest runtime of that name whose version is in the range; nil if there is none. Of equal ones it is the first.
func choose(all []*installed, name, versions string) *installed {
	within, ok := parseSelector(versions)
	if !ok {
		return nil
	}
	var best *installed
	for _, i := range all {
		if i.ID != name && !contains(i.Aliases, name) || !within.has(i.version) {
			continue
		}
		if best == nil || i.version.GreaterThan(best.version) {
			best = i
		}
	}
	return best
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// versionIn takes the version out of what a version command printed.
func versionIn(printed, pattern string) (*semver.Version, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	found := re.FindStringSubmatch(strings.TrimSpace(printed))
	if found == nil {
		return nil, errors.New("the version command printed no version")
	}
	return semver.NewVersion(found[1])
}
