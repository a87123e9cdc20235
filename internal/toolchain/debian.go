package toolchain

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// made is the content of made.json.
type made struct {
	Changed   time.Time `json:"changed"`
	From      string    `json:"from"`      // where the environment came from
	Languages []string  `json:"languages"` // installed by their Debian packages, sorted
}

func (s *Store) environment(name string) string { return filepath.Join(s.dir, "environments", name) }

// root is where the files of an environment are; "" for the machine.
func (s *Store) root(name string) string {
	if name == Host {
		return ""
	}
	return filepath.Join(s.environment(name), "root")
}

// made reads what is known of a complete environment; it is nil when there is none. Of the machine nothing is
// written down.
func (s *Store) made(name string) (*made, error) {
	if name == Host {
		return &made{}, nil
	}
	path := filepath.Join(s.environment(name), "made.json")
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	m := &made{}
	if err == nil {
		err = json.Unmarshal(b, m)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// note writes down that the environment is complete and has just changed.
func (s *Store) note(name string, m *made) error {
	if name == Host {
		return nil
	}
	m.Changed = time.Now().UTC()
	slices.Sort(m.Languages)
	m.Languages = slices.Compact(m.Languages)
	return writeJSON(filepath.Join(s.environment(name), "made.json"), m)
}

// writeJSON replaces a file as a whole.
func writeJSON(path string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	next := path + ".new"
	if err := os.WriteFile(next, append(b, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(next, path)
}

// keyring holds the keys of Debian's archive.
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

// programs that make an environment, with the packages that have them.
func needed() error {
	for program, pkg := range map[string]string{"debootstrap": "debootstrap", "apt-get": "apt", "mount": "mount", "chroot": "coreutils"} {
		_, err := exec.LookPath(program)
		for _, dir := range []string{"/usr/sbin", "/sbin"} {
			if err != nil {
				_, err = os.Stat(filepath.Join(dir, program))
			}
		}
		if err != nil {
			return fmt.Errorf("an environment is made with %s, which this machine lacks: apt-get install %s debian-archive-keyring, or use an image "+
				"(codecollab languages import)", program, pkg)
		}
	}
	if _, err := os.Stat(keyring); err != nil {
		return fmt.Errorf("an environment is checked with Debian's keys, which this machine lacks (%s): apt-get install debian-archive-keyring", keyring)
	}
	return nil
}

// bootstrap makes the root of a Debian release in a folder beside its place, and moves it there when it is complete.
func (i *Installer) bootstrap(ctx context.Context, name string, progress func(float64, string)) error {
	release, err := codename(name)
	if err != nil {
		return err
	}
	step := "making the environment " + name
	if err := needed(); err != nil {
		return failed(ctx, step, err)
	}
	from, err := i.sources(ctx)
	if err != nil {
		return failed(ctx, step, err)
	}
	building := i.store.environment(name) + ".new"
	if err := os.RemoveAll(building); err != nil {
		return failed(ctx, step, err)
	}
	if err := os.MkdirAll(building, 0o755); err != nil {
		return failed(ctx, step, err)
	}
	defer os.RemoveAll(building)
	root := filepath.Join(building, "root")
	seen := 0.0
	t := task{alone: true, lines: func(line string) {
		if text, ok := strings.CutPrefix(line, "I: "); ok {
			seen++
			progress(min(99, seen/5), text) // a minimal release has about 500 such lines
		}
	}}
	t.argv = []string{"debootstrap", "--variant=minbase", "--components=main", "--include=ca-certificates", "--keyring=" + keyring, release, root, from.main}
	if _, err := i.run(ctx, t); err != nil {
		return failed(ctx, step, addWords(err, filepath.Join(root, "debootstrap", "debootstrap.log")))
	}
	if err := i.configure(root, release, from); err != nil {
		return failed(ctx, step, err)
	}
	if err := os.RemoveAll(i.store.environment(name)); err != nil { // leftovers: it has no made.json
		return failed(ctx, step, err)
	}
	if err := os.Rename(building, i.store.environment(name)); err != nil {
		return failed(ctx, step, err)
	}
	return i.store.note(name, &made{From: from.main + " " + release})
}

// addWords adds the last lines of a log, where debootstrap hides the reasons.
func addWords(err error, log string) error {
	said, ok := errors.AsType[*saidError](err)
	b, readErr := os.ReadFile(log)
	if !ok || readErr != nil {
		return err
	}
	said.words = strings.TrimSpace(said.words + "\n" + lastWords(string(b)))
	return said
}

// configure writes the settings of apt and dpkg into a root.
func (i *Installer) configure(root, release string, from sources) error {
	files := map[string]string{
		"etc/apt/sources.list":            from.list(release),
		"etc/apt/apt.conf.d/90codecollab": "Acquire::Retries \"3\";\nAPT::Install-Recommends \"false\";\n" + from.proxies,
		// Manuals are for people, who are not here; the licences stay.
		"etc/dpkg/dpkg.cfg.d/codecollab": "path-exclude=/usr/share/doc/*\npath-include=/usr/share/doc/*/copyright\npath-exclude=/usr/share/man/*\n" +
			"path-exclude=/usr/share/info/*\n# After a crash of the machine the environment is made again.\nforce-unsafe-io\n",
		// No service is started in here.
		"usr/sbin/policy-rc.d": "#!/bin/sh\nexit 101\n",
	}
	for name, text := range files {
		mode := fs.FileMode(0o644)
		if strings.HasPrefix(text, "#!") {
			mode = 0o755
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), mode); err != nil {
			return err
		}
	}
	return nil
}

// machineCerts is where a root finds the certificates that the machine trusts: a company's own may be among them.
const machineCerts = "/etc/ssl/codecollab-machine.crt"

// enter brings what changes on the machine into a root: how names are found, and who is trusted.
func enter(root string) error {
	if root == "" {
		return nil
	}
	if err := carry("/etc/resolv.conf", filepath.Join(root, "etc/resolv.conf")); err != nil {
		return err
	}
	return carry("/etc/ssl/certs/ca-certificates.crt", filepath.Join(root, machineCerts))
}

// carry copies a file of the machine, if it has it.
func carry(from, to string) error {
	b, err := os.ReadFile(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(to); err == nil && string(old) == string(b) {
		return nil
	}
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // it may be a link to somewhere on the machine, and is not followed
	}
	return os.WriteFile(to, b, 0o644)
}

// sources is where Debian's packages come from.
type sources struct {
	main, security string // security may be empty
	proxies        string // settings of apt
}

const (
	defaultMain     = "http://deb.debian.org/debian"
	defaultSecurity = "http://deb.debian.org/debian-security"
)

// sources are the operator's, or the machine's own, or everyone's.
func (i *Installer) sources(ctx context.Context) (sources, error) {
	var s sources
	switch words := strings.Fields(i.options.Mirror); len(words) {
	case 0:
		s = hostSources("/etc/apt")
	case 1:
		s = sources{main: words[0], security: defaultSecurity}
	case 2:
		s = sources{main: words[0], security: strings.TrimPrefix(words[1], "none")}
	default:
		return s, fmt.Errorf("runner-mirror is %q: it is the address of a mirror and, after a space, that of its security updates or none", i.options.Mirror)
	}
	if printed, err := i.run(ctx, task{argv: []string{"apt-config", "dump"}}); err == nil {
		s.proxies = proxies(printed)
	}
	return s, nil
}

// proxies picks them from all settings of apt.
func proxies(settings string) string {
	var b strings.Builder
	for line := range strings.Lines(settings) {
		for _, start := range []string{"Acquire::http::Proxy", "Acquire::https::Proxy"} {
			if strings.HasPrefix(line, start) && !strings.HasPrefix(line, start+"-Auto") {
				b.WriteString(line)
			}
		}
	}
	return b.String()
}

// list is the content of sources.list.
func (s sources) list(release string) string {
	signed := "deb [signed-by=" + keyring + "] "
	text := signed + s.main + " " + release + " main\n" + signed + s.main + " " + release + "-updates main\n"
	if s.security != "" {
		text += signed + s.security + " " + release + "-security main\n"
	}
	return text
}

// hostSources are the mirrors that a Debian machine uses itself.
func hostSources(dir string) sources {
	s := sources{main: defaultMain, security: defaultSecurity}
	files, _ := filepath.Glob(filepath.Join(dir, "sources.list.d", "*.sources"))
	lists, _ := filepath.Glob(filepath.Join(dir, "sources.list.d", "*.list"))
	for _, name := range append(append([]string{filepath.Join(dir, "sources.list")}, lists...), files...) {
		b, err := os.ReadFile(name)
		if err != nil {
			continue // what cannot be read names no mirror
		}
		lines := bufio.NewScanner(strings.NewReader(string(b)))
		for lines.Scan() {
			for _, word := range sourceWords(lines.Text()) {
				switch word = strings.TrimSuffix(word, "/"); {
				case strings.HasSuffix(word, "/debian") && s.main == defaultMain:
					s.main = word
				case strings.HasSuffix(word, "/debian-security") && s.security == defaultSecurity:
					s.security = word
				}
			}
		}
	}
	return s
}

// sourceWords are the addresses in a line of a list of sources, in either of its two forms.
func sourceWords(line string) []string {
	words := strings.Fields(line)
	if len(words) == 0 || words[0] != "deb" && words[0] != "URIs:" {
		return nil
	}
	return slices.DeleteFunc(words[1:], func(w string) bool { return !strings.Contains(w, "://") })
}
