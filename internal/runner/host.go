package runner

import (
	"bufio"
	"bytes"
	"context"
	"log/slog"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/Masterminds/semver/v3"

	"codecollab.dev/languages"
)

// host is the machine's package managers: apt for Debian's packages, npm for those of Node.
type host struct {
	npmDir string
	log    *slog.Logger
	turn   sync.Mutex // held by whoever changes the host
}

// offers says which version of each language could be installed, as far as apt and the manifests know.
func (h *host) offers(ctx context.Context, all languages.Catalogue) map[string]*semver.Version {
	var names []string
	for _, l := range all {
		if name := mainPackage(l); name != "" && len(l.Install.NPM) == 0 {
			names = append(names, name)
		}
	}
	candidates := h.candidates(ctx, names)
	offered := map[string]*semver.Version{}
	for _, l := range all {
		version := candidates[mainPackage(l)]
		if len(l.Install.NPM) > 0 {
			_, version, _ = strings.Cut(strings.TrimPrefix(l.Install.NPM[0], "@"), "@")
		}
		offered[l.ID] = upstream(version)
	}
	return offered
}

// mainPackage is the first that a manifest names: the language itself.
func mainPackage(l languages.Language) string {
	if len(l.Install.Apt) == 0 {
		return ""
	}
	return l.Install.Apt[0]
}

var candidateLine = regexp.MustCompile(`^  Candidate: (\S+)`)

// candidates asks apt which version of each package it would install. Without apt it knows none.
func (h *host) candidates(ctx context.Context, names []string) map[string]string {
	found := map[string]string{}
	if len(names) == 0 {
		return found
	}
	printed, err := h.command(ctx, "apt-cache", append([]string{"policy"}, names...)...).Output()
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

func (h *host) install(ctx context.Context, l languages.Language) error {
	if len(l.Install.Apt)+len(l.Install.NPM) == 0 {
		return failed("%s is in no package of this host; %s", l.ID, l.Install.Note)
	}
	if len(l.Install.Apt) > 0 {
		args := append([]string{"install", "-y", "--no-install-recommends", "--no-upgrade"}, l.Install.Apt...)
		if _, err := h.run(ctx, "apt-get", args...); err != nil {
			return failed("apt-get could not install %s; the runner's log says why", strings.Join(l.Install.Apt, " "))
		}
	}
	if len(l.Install.NPM) > 0 {
		args := append([]string{"install", "--prefix", h.npmDir, "--ignore-scripts", "--no-audit", "--no-fund"}, l.Install.NPM...)
		if _, err := h.run(ctx, "npm", args...); err != nil {
			return failed("npm could not install %s; the runner's log says why", strings.Join(l.Install.NPM, " "))
		}
	}
	return nil
}

var removal = regexp.MustCompile(`(?m)^Remv (\S+)`)

// remove takes away the packages that no other language needs, if nothing else would go with them.
func (h *host) remove(ctx context.Context, l languages.Language, others []languages.Language) error {
	apt, npm := slices.Clone(l.Install.Apt), slices.Clone(l.Install.NPM)
	for _, other := range others {
		apt = slices.DeleteFunc(apt, func(p string) bool { return slices.Contains(other.Install.Apt, p) })
		npm = slices.DeleteFunc(npm, func(p string) bool { return slices.Contains(other.Install.NPM, p) })
	}
	if len(apt)+len(npm) == 0 {
		return failed("%s shares all its packages (%s) with languages that stay", l.ID, strings.Join(append(l.Install.Apt, l.Install.NPM...), ", "))
	}
	if len(npm) > 0 {
		names := make([]string, len(npm))
		for i, p := range npm { // without the version; a scope begins with "@", too
			at := strings.LastIndex(p, "@")
			if at < 1 {
				at = len(p)
			}
			names[i] = p[:at]
		}
		if _, err := h.run(ctx, "npm", append([]string{"uninstall", "--prefix", h.npmDir, "--no-audit", "--no-fund"}, names...)...); err != nil {
			return failed("npm could not uninstall %s; the runner's log says why", strings.Join(names, " "))
		}
	}
	if len(apt) == 0 || len(npm) > 0 { // what npm's packages stand on serves others
		return nil
	}
	plan, err := h.run(ctx, "apt-get", append([]string{"remove", "-s"}, apt...)...)
	if err != nil {
		return failed("apt-get will not remove %s; the runner's log says why", strings.Join(apt, " "))
	}
	for _, m := range removal.FindAllStringSubmatch(string(plan), -1) {
		if name, _, _ := strings.Cut(m[1], ":"); !slices.Contains(apt, name) {
			return failed("removing %s would take %s from the host too: the operator must do this by hand", strings.Join(apt, " "), name)
		}
	}
	if _, err := h.run(ctx, "apt-get", append([]string{"remove", "-y"}, apt...)...); err != nil {
		return failed("apt-get could not remove %s; the runner's log says why", strings.Join(apt, " "))
	}
	return nil
}

// run runs a package manager to its end; what it printed goes to the log when it fails.
func (h *host) run(ctx context.Context, name string, args ...string) ([]byte, error) {
	if name == "apt-get" {
		args = append([]string{"-o", "DPkg::Lock::Timeout=120"}, args...)
	}
	printed, err := h.command(ctx, name, args...).CombinedOutput()
	if err != nil {
		h.log.Error("a package manager failed", "command", name, "args", args, "err", err, "printed", tail(printed, 4000))
	}
	return printed, err
}

func (h *host) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C")
	return cmd
}

func tail(b []byte, most int) string {
	return string(b[max(0, len(b)-most):])
}
