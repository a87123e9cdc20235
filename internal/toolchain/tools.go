package toolchain

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// toolsMade is what tools/ID/made.json holds.
type toolsMade struct {
	Changed time.Time `json:"changed"`
	NPM     []string  `json:"npm"`
	Go      []string  `json:"go"`
}

// hasTools tells whether exactly this has been installed.
func (s *Store) hasTools(t ToolPlan) bool {
	b, err := os.ReadFile(filepath.Join(s.Tools(), t.Language, "made.json"))
	var m toolsMade
	return err == nil && json.Unmarshal(b, &m) == nil && slices.Equal(m.NPM, t.NPM) && slices.Equal(m.Go, t.Go)
}

// installTools lets npm and Go fill a folder, which takes the place of the language's own when it is complete.
func (i *Installer) installTools(ctx context.Context, t ToolPlan, progress func(float64, string)) error {
	building := filepath.Join(i.store.Tools(), "."+t.Language+".new")
	cache := filepath.Join(i.store.Tools(), ".cache")
	step := "installing the npm and Go programs of " + t.Language
	for _, dir := range []string{building, cache} {
		if err := os.RemoveAll(dir); err != nil {
			return failed(ctx, step, err)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return failed(ctx, step, err)
		}
	}
	defer os.RemoveAll(cache)
	defer os.RemoveAll(building)
	for _, m := range []manager{npmManager(t.NPM), goManager(t.Go)} {
		if len(m.argv) == 0 {
			continue
		}
		if err := i.manage(ctx, m, building, cache, progress); err != nil {
			return failed(ctx, step+" ("+m.program+")", err)
		}
	}
	if err := writeJSON(filepath.Join(building, "made.json"), toolsMade{time.Now().UTC(), t.NPM, t.Go}); err != nil {
		return failed(ctx, step, err)
	}
	return failed(ctx, step, replace(building, filepath.Join(i.store.Tools(), t.Language)))
}

// replace puts a folder into the place of another; in between there is neither, for a moment.
func replace(next, path string) error {
	old := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".old")
	if err := os.RemoveAll(old); err != nil {
		return err
	}
	if err := os.Rename(path, old); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	return os.RemoveAll(old)
}

// manager is a run of a package manager that is not Debian's. Its words may hold {to} and {cache}, two folders.
type manager struct {
	program string
	argv    [][]string
	env     []string
}

func npmManager(names []string) manager {
	m := manager{program: "npm", env: []string{"npm_config_cache={cache}/npm", "npm_config_update_notifier=false"}}
	if len(names) > 0 {
		m.argv = [][]string{append([]string{"npm", "install", "--prefix", "{to}", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock",
			"--save-exact", "--fetch-retries=3", "--loglevel=error"}, names...)}
	}
	return m
}

func goManager(names []string) manager {
	m := manager{program: "go", env: []string{"GOBIN={to}/bin", "GOPATH={cache}/go", "GOCACHE={cache}/go-build", "GOMODCACHE={cache}/mod", "GOFLAGS=-modcacherw -trimpath",
		"GOTOOLCHAIN=auto", "CGO_ENABLED=0", "GO111MODULE=on", "GOWORK=off"}}
	for _, name := range names {
		m.argv = append(m.argv, []string{"go", "install", "-ldflags=-s -w", name})
	}
	return m
}

// manage runs a package manager: the machine's own, or else that of the usual environment.
func (i *Installer) manage(ctx context.Context, m manager, building, cache string, progress func(float64, string)) error {
	to := map[string]string{"{to}": building, "{cache}": cache}
	t := task{}
	if _, err := exec.LookPath(m.program); err != nil {
		t.root = i.store.root(i.toolsIn())
		if err := enter(t.root); err != nil {
			return err
		}
		to = map[string]string{"{to}": "/mnt", "{cache}": "/media"}
		t.binds = map[string]string{building: "/mnt", cache: "/media"}
		if _, err := os.Stat(filepath.Join(t.root, machineCerts)); err == nil && t.root != "" {
			t.env = []string{"NODE_EXTRA_CA_CERTS=" + machineCerts, "SSL_CERT_FILE=" + machineCerts}
		}
	}
	t.env = append(t.env, fill(m.env, to)...)
	for n, argv := range m.argv {
		progress(100*float64(n)/float64(len(m.argv)), m.program+" installs "+argv[len(argv)-1])
		t.argv = fill(argv, to)
		if _, err := i.run(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// fill puts the folders into words.
func fill(words []string, to map[string]string) []string {
	var all []string
	for _, w := range words {
		for name, dir := range to {
			w = strings.ReplaceAll(w, name, dir)
		}
		all = append(all, w)
	}
	return all
}
