package runner

import (
	"errors"
	"regexp"
	"sync"

	"github.com/Masterminds/semver/v3"

	"codecollab.dev/languages"
)

// installed is a language that this host has.
type installed struct {
	languages.Language
	version *semver.Version
	warm    chan struct{} // closed when the compile cache is there, or there is none
	warmed  sync.Once
}

func (i *installed) markWarm() { i.warmed.Do(func() { close(i.warm) }) }

// runtimeInfo is an entry of GET /runtimes.
type runtimeInfo struct {
	Language string   `json:"language"`
	Version  string   `json:"version"`
	Aliases  []string `json:"aliases"`
	Runtime  string   `json:"runtime,omitempty"`
}

func (i *installed) info() runtimeInfo {
	aliases := i.Aliases
	if aliases == nil {
		aliases = []string{}
	}
	return runtimeInfo{i.ID, i.version.String(), aliases, i.Language.Runtime}
}

// choose finds the newest runtime of that name whose version is in the range; nil if there is none.
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
	found := re.FindStringSubmatch(printed)
	if found == nil {
		return nil, errors.New("the version command printed no version")
	}
	return semver.NewVersion(found[1])
}
