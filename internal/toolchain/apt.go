package toolchain

import (
	"bufio"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"os"
	"path/filepath"
)

// apt is the package manager of a root, of the machine (root ""), or of a release that is not here yet (settings).
type apt struct {
	i        *Installer
	root     string
	settings string // a file of settings for one that has no root
	status   string // a list of installed packages to plan with, in the root, in place of dpkg's own
}

// deb is a package that would be installed.
type deb struct {
	Name, Version string
	Download      int64 // bytes
	Disk          int64
}

func (a apt) task(argv ...string) task {
	t := task{argv: argv, root: a.root}
	if a.status != "" {
		t.argv = append([]string{argv[0], "-o", "Dir::State::status=" + a.status}, argv[1:]...)
	}
	if _, err := os.Stat(filepath.Join(a.root, machineCerts)); err == nil && a.root != "" && strings.HasPrefix(argv[0], "apt-get") {
		t.argv = append([]string{argv[0], "-o", "Acquire::https::CAInfo=" + machineCerts}, t.argv[1:]...)
	}
	if a.settings != "" {
		t.env = []string{"APT_CONFIG=" + a.settings}
	}
	return t
}

// listsAge is how old lists of packages may be: a new release of a package is not missed for long.
const listsAge = 6 * time.Hour

// update fetches the lists of packages when they are old.
func (a apt) update(ctx context.Context, lists string) error {
	stamp := filepath.Join(lists, ".fetched")
	if st, err := os.Stat(stamp); lists != "" && err == nil && time.Since(st.ModTime()) < listsAge {
		return nil
	}
	t := a.task("apt-get", "update", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120", "-o", "APT::Update::Error-Mode=any")
	if _, err := a.i.run(ctx, t); err != nil {
		return failed(ctx, "fetching Debian's lists of packages", err)
	}
	if lists == "" {
		return nil
	}
	return os.WriteFile(stamp, nil, 0o644)
}

// lists is the folder of apt's lists in a root; that of the machine is left to it.
func (a apt) lists() string {
	if a.root == "" {
		return ""
	}
	return filepath.Join(a.root, "var/lib/apt/lists")
}

// installed "Inst gcc [4:14.2.0-1] (4:14.2.0-2 Debian:13.1/stable [amd64]) []"
var instLine = regexp.MustCompile(`(?m)^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) `)

// simulate says what would be installed.
func (a apt) simulate(ctx context.Context, names []string) ([]deb, error) {
	t := a.task(append([]string{"apt-get", "-s", "--no-install-recommends", "--no-remove", "install"}, names...)...)
	printed, err := a.i.run(ctx, t)
	if err != nil {
		return nil, err
	}
	var all []deb
	for _, m := range instLine.FindAllStringSubmatch(printed, -1) {
		all = append(all, deb{Name: m[1], Version: m[2]})
	}
	return all, a.measure(ctx, all)
}

// measure asks for the sizes of packages.
func (a apt) measure(ctx context.Context, all []deb) error {
	for part := range slices.Chunk(all, 400) {
		argv := []string{"apt-cache", "show"}
		place := map[string]int{}
		for n, p := range part {
			argv = append(argv, p.Name+"="+p.Version)
			name, _, _ := strings.Cut(p.Name, ":")
			place[name+"="+p.Version] = n
		}
		printed, err := a.i.run(ctx, a.task(argv...))
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(strings.NewReader(printed))
		lines.Buffer(nil, 1<<20)
		for one := stanza(lines); one != nil; one = stanza(lines) {
			n, ok := place[one["Package"]+"="+one["Version"]]
			if !ok {
				continue
			}
			part[n].Download, _ = strconv.ParseInt(one["Size"], 10, 64)
			kib, _ := strconv.ParseInt(one["Installed-Size"], 10, 64)
			part[n].Disk = kib << 10
		}
	}
	return nil
}

// unknown picks the names that no package has or provides.
func (a apt) unknown(ctx context.Context, names []string) (map[string]bool, error) {
	printed, err := a.i.run(ctx, a.task("apt-cache", "pkgnames"))
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for name := range strings.Lines(printed) {
		known[strings.TrimSpace(name)] = true
	}
	missing := map[string]bool{}
	for _, name := range names {
		bare, _, _ := strings.Cut(name, ":")
		if known[bare] {
			continue
		}
		printed, err := a.i.run(ctx, a.task("apt-cache", "showpkg", name))
		if _, providers, _ := strings.Cut(printed, "Reverse Provides:"); err != nil || strings.TrimSpace(providers) == "" {
			missing[name] = true
		}
	}
	return missing, ctx.Err()
}

// install installs packages, and tells progress in percent with words.
func (a apt) install(ctx context.Context, names []string, progress func(float64, string)) error {
	t := a.task(append([]string{"apt-get", "install", "--yes", "--no-install-recommends", "--no-remove", "-o", "APT::Status-Fd=3",
		"-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0",
		"-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold"}, names...)...)
	t.status = func(line string) {
		if percent, text, ok := readStatus(line); ok {
			progress(percent, text)
		}
	}
	_, err := a.i.run(ctx, t)
	return err
}

// readStatus reads a line that apt writes about its progress: "pmstatus:gcc:42.0:Unpacking gcc". The download is the first half of the
// way, what dpkg does the second.
func readStatus(line string) (percent float64, text string, ok bool) {
	parts := strings.SplitN(line, ":", 4)
	if len(parts) != 4 {
		return 0, "", false
	}
	if strings.HasPrefix(line, "pmstatus:") { // a name may hold a colon: "libc6:i386"
		if percent, text, ok := readStatusEnd(line); ok {
			return 50 + percent/2, text, true
		}
		return 0, "", false
	}
	percent, err := strconv.ParseFloat(parts[2], 64)
	if parts[0] != "dlstatus" || err != nil {
		return 0, "", false
	}
	return percent / 2, parts[3], true
}

var statusEnd = regexp.MustCompile(`:(\d+(?:\.\d+)?):(.*)$`)

func readStatusEnd(line string) (float64, string, bool) {
	m := statusEnd.FindStringSubmatch(line)
	if m == nil {
		return 0, "", false
	}
	percent, err := strconv.ParseFloat(m[1], 64)
	return percent, m[2], err == nil
}

// planAsFinished makes apt plan as if what is half installed were not there at all; with that it would not plan.
func (a *apt) planAsFinished() error {
	status, err := wholeStatus(a.root)
	if err != nil {
		return err
	}
	a.status = "/var/lib/dpkg/codecollab-plan"
	return os.WriteFile(filepath.Join("/", a.root, a.status), []byte(status), 0o644)
}

// settle finishes what an earlier installation began. What was only half unpacked goes, for it cannot be set up.
func (a apt) settle(ctx context.Context) error {
	_, err := a.i.run(ctx, a.task("dpkg", "--configure", "-a", "--force-confdef", "--force-confold"))
	if ctx.Err() != nil {
		return err
	}
	records, readErr := readRecords(a.root)
	if readErr != nil {
		return readErr
	}
	var half []string
	for _, r := range records {
		if s := strings.Fields(r.fields["Status"]); len(s) == 3 && (s[1] == "reinstreq" || s[2] == "half-installed") {
			half = append(half, r.fields["Package"])
		}
	}
	if len(half) > 0 {
		slices.Sort(half)
		if _, err := a.i.run(ctx, a.task(append([]string{"dpkg", "--purge", "--force-depends", "--force-remove-reinstreq"}, half...)...)); err != nil {
			return err
		}
	}
	_, err = a.i.run(ctx, a.task("apt-get", "--fix-broken", "--yes", "--no-install-recommends", "-o", "Acquire::Retries=3",
		"-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0", "install"))
	return err
}

// undo purges what is there now and was not before.
func (a apt) undo(ctx context.Context, before packages) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Minute)
	defer cancel()
	extra, err := a.since(before)
	if err != nil || len(extra) == 0 {
		return err
	}
	// What can be set up is; what cannot is why we are here.
	_, _ = a.i.run(ctx, a.task("dpkg", "--configure", "-a"))
	for _, argv := range [][]string{
		{"apt-get", "--yes", "-o", "Dpkg::Use-Pty=0", "purge"},
		{"dpkg", "--purge", "--force-depends", "--force-remove-reinstreq"},
	} {
		if _, err = a.i.run(ctx, a.task(append(argv, extra...)...)); err == nil {
			break
		}
	}
	extra, _ = a.since(before)
	if len(extra) == 0 {
		return nil
	}
	// Their own scripts for leaving fail. They are silenced: without them dpkg removes the files all the same.
	for _, name := range extra {
		for _, script := range []string{"prerm", "postrm"} {
			found, _ := filepath.Glob(filepath.Join(a.root, "/var/lib/dpkg/info", name+"*."+script))
			for _, f := range found {
				if base := filepath.Base(f); base == name+"."+script || strings.HasPrefix(base, name+":") {
					_ = os.Remove(f)
				}
			}
		}
	}
	if _, err = a.i.run(ctx, a.task(append([]string{"dpkg", "--purge", "--force-depends", "--force-remove-reinstreq"}, extra...)...)); err != nil {
		return fmt.Errorf("%s cannot be taken away again: %w", strings.Join(extra, " "), err)
	}
	return nil
}

// since lists the packages that have come since before.
func (a apt) since(before packages) ([]string, error) {
	now, err := readPackages(a.rootDir())
	if err != nil {
		return nil, err
	}
	var extra []string
	for name := range now.known {
		if !before.known[name] {
			extra = append(extra, name)
		}
	}
	slices.Sort(extra)
	return extra, nil
}

func (a apt) rootDir() string { return filepath.Join("/", a.root) }

// clean throws away what was downloaded.
func (a apt) clean(ctx context.Context) error {
	_, err := a.i.run(ctx, a.task("apt-get", "clean"))
	return err
}
