package runner

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"

	"codecollab.dev/internal/toolchain"
	"codecollab.dev/languages"
)

// offers says which version of each language could be installed, as far as the manifests and apt's lists know: those of the environment
// that the language would go to, or of the host while there is none.
func (s *Server) offers(ctx context.Context, all languages.Catalogue) map[string]*semver.Version {
	environments := s.environments()
	names := map[string][]string{} // of packages, by root
	for _, l := range all {
		if name := mainPackage(l); name != "" {
			root := s.rootFor(environments, l)
			names[root] = append(names[root], name)
		}
	}
	known := map[string]map[string]string{}
	for root, list := range names {
		known[root] = candidates(ctx, root, list)
	}
	offered := map[string]*semver.Version{}
	for _, l := range all {
		version := known[s.rootFor(environments, l)][mainPackage(l)]
		for _, list := range [][]string{l.Install.Go, l.Install.NPM} {
			if len(list) > 0 {
				_, version, _ = strings.Cut(strings.TrimPrefix(list[0], "@"), "@")
			}
		}
		offered[l.ID] = upstream(strings.TrimPrefix(version, "v"))
	}
	return offered
}

// rootFor is the root whose package manager would be asked for a language.
func (s *Server) rootFor(environments []toolchain.Environment, l languages.Language) string {
	if s.options.Toolchain.Host {
		return "/"
	}
	for _, e := range environments {
		if l.Install.Release == "" || e.Name == l.Install.Release {
			return e.Root // the newest is the first
		}
	}
	return "/"
}

// mainPackage is the first that a manifest names: the language itself. What npm and Go install has its version in the manifest.
func mainPackage(l languages.Language) string {
	if len(l.Install.Apt) == 0 || len(l.Install.NPM)+len(l.Install.Go) > 0 {
		return ""
	}
	return l.Install.Apt[0]
}

var candidateLine = regexp.MustCompile(`^  Candidate: (\S+)`)

// candidates asks apt which version of each package it would install. Without apt it knows none.
func candidates(ctx context.Context, root string, names []string) map[string]string {
	found := map[string]string{}
	args := []string{"policy"}
	if root != "/" {
		args = []string{"-o", "Dir=" + root, "-o", "Dir::State::status=" + root + "/var/lib/dpkg/status", "policy"}
	}
	cmd := exec.CommandContext(ctx, "apt-cache", append(args, names...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	printed, err := cmd.Output()
	if err != nil {
		return found
	}
	name := ""
	for lines := bufio.NewScanner(bytes.NewReader(printed)); lines.Scan(); {
		line := lines.Text()
		if !strings.HasPrefix(line, " ") {
			name = strings.TrimSuffix(line, ":")
		} else if m := candidateLine.FindStringSubmatch(line); m != nil {
			found[name] = m[1]
		}
	}
	return found
}

// unknownVersion stands for a package of which nobody says anything.
var unknownVersion = semver.New(0, 0, 0, "", "")

var upstreamVersion = regexp.MustCompile(`^(?:\d+:)?(\d+(?:\.\d+){0,2})`)

// upstream is a package's version without what the distribution adds before and after.
func upstream(version string) *semver.Version {
	m := upstreamVersion.FindStringSubmatch(version)
	if m == nil {
		return unknownVersion
	}
	v, err := semver.NewVersion(m[1])
	if err != nil {
		return unknownVersion
	}
	return v
}
