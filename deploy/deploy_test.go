// Package deploy_test tries what the Dockerfile and the install script do, as far as that goes without a container engine.
package deploy_test

import (
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// make test-deploy sets it: two Debian systems are made, which takes minutes.
var environments = flag.Bool("environments", false, "run the commands in Debian systems made by debootstrap")

// instruction is one of a Dockerfile, with its lines joined.
type instruction struct{ name, rest string }

// dockerfile reads ours.
func dockerfile(t *testing.T) []instruction {
	t.Helper()
	b, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for line := range strings.Lines(string(b)) {
		if !strings.HasPrefix(line, "#") {
			text.WriteString(line)
		}
	}
	var all []instruction
	for line := range strings.Lines(strings.ReplaceAll(text.String(), "\\\n", " ")) {
		if name, rest, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			all = append(all, instruction{name, strings.TrimSpace(rest)})
		}
	}
	return all
}

// What is copied exists and is not ignored, stages are named before they are used, and the shell understands what is run.
func TestDockerfile(t *testing.T) {
	known := strings.Fields("FROM ARG WORKDIR COPY RUN VOLUME EXPOSE ENTRYPOINT CMD")
	var stages []string
	stage := regexp.MustCompile(`^\S+:\S+(?: AS (\w+))?$`)
	for _, i := range dockerfile(t) {
		if !slices.Contains(known, i.name) {
			t.Errorf("%s is no instruction that this Dockerfile needs", i.name)
		}
		switch i.name {
		case "FROM":
			m := stage.FindStringSubmatch(i.rest)
			if m == nil {
				t.Fatalf("FROM %s must name an image with its tag", i.rest)
			}
			stages = append(stages, m[1])
		case "COPY":
			words := strings.Fields(i.rest)
			if from, ok := strings.CutPrefix(words[0], "--from="); ok {
				if !slices.Contains(stages[:len(stages)-1], from) {
					t.Errorf("COPY %s: there is no stage %q before", i.rest, from)
				}
				continue
			}
			for _, source := range words[:len(words)-1] {
				if _, err := os.Stat(filepath.Join("..", source)); err != nil {
					t.Errorf("COPY %s: %v", i.rest, err)
				}
			}
		case "RUN":
			if out, err := exec.CommandContext(t.Context(), "sh", "-n", "-c", i.rest).CombinedOutput(); err != nil {
				t.Errorf("RUN %s: %s", i.rest, out)
			}
		}
	}
	if len(stages) != 3 || stages[2] != "" {
		t.Errorf("stages: %q", stages)
	}
}

// The unit of the runner lets it make control groups, and survive one that runs out of memory.
func TestUnits(t *testing.T) {
	for file, want := range map[string][]string{
		"codecollab-runner.service": {"ExecStart=/usr/local/bin/codecollab runner", "Delegate=yes", "OOMPolicy=continue", "KillMode=mixed", "CacheDirectory=codecollab"},
		"codecollab.service":        {"DynamicUser=yes", "StateDirectory=codecollab", "--runner-url http://127.0.0.1:2000"},
	} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range append(want, "[Unit]", "[Service]", "[Install]", "LoadCredential=runner-token:/etc/codecollab/runner-token") {
			if !strings.Contains(string(b), w) {
				t.Errorf("%s lacks %s", file, w)
			}
		}
	}
}

// debian is a system of its own in a folder.
type debian struct{ root string }

func makeDebian(t *testing.T, release string) debian {
	t.Helper()
	d := debian{filepath.Join(t.TempDir(), release)}
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "debootstrap", "--variant=minbase", release, d.root, "http://deb.debian.org/debian")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out[max(0, len(out)-2000):])
	}
	d.copy(t, "/etc/resolv.conf", "etc/resolv.conf")
	// A machine may trust more than Debian does, a proxy of its company for one.
	if b, err := os.ReadFile("/etc/ssl/certs/ca-certificates.crt"); err == nil {
		d.write(t, "etc/machine.crt", string(b))
	}
	d.copy(t, "../bin/codecollab", "usr/local/bin/codecollab")
	if err := os.Chmod(filepath.Join(d.root, "usr/local/bin/codecollab"), 0o755); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d debian) write(t *testing.T, to, text string) {
	t.Helper()
	path := filepath.Join(d.root, to)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (d debian) copy(t *testing.T, from, to string) {
	t.Helper()
	f, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	d.write(t, to, string(b))
}

// enter makes the folder the root of a process with mounts of its own. A chroot would not do: the sandbox makes user namespaces, which Linux
// refuses in one. Processes stay among the machine's, by whose numbers other engines know that ours is alive.
const enter = `
mount --bind "$1" "$1" && cd "$1" || exit 125
mount -t proc proc proc && mount --rbind /sys sys && mount --rbind /dev dev || exit 125
mkdir -p old && pivot_root . old && umount -l old || exit 125
shift
exec "$@"`

// run runs a command in the system.
func (d debian) run(t *testing.T, argv ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "unshare", append([]string{"--mount", "sh", "-c", enter, "sh", d.root}, argv...)...)
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive",
		"LANGUAGES=lua tcl livescript", "NODE_EXTRA_CA_CERTS=/etc/machine.crt"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v\n%s", argv, err, out[max(0, len(out)-4000):])
	}
	return string(out)
}

func needDebian(t *testing.T) {
	t.Helper()
	if !*environments {
		t.Skip("Debian systems are made with the flag -environments, in make test-deploy")
	}
	if os.Geteuid() != 0 {
		t.Skip("debootstrap needs root")
	}
}

// The last stage of the Dockerfile, with three languages: what it installs passes its tests there.
func TestImage(t *testing.T) {
	needDebian(t)
	d := makeDebian(t, "trixie")
	all := dockerfile(t)
	last := len(all) - 1
	for ; all[last].name != "FROM"; last-- {
	}
	if !strings.HasPrefix(all[last].rest, "debian:trixie") {
		t.Fatalf("the last stage is made from %s, and this test from trixie", all[last].rest)
	}
	for _, i := range all[last:] {
		if i.name == "RUN" {
			d.run(t, "sh", "-c", i.rest)
		}
	}
	if out := d.run(t, "codecollab", "languages", "check", "lua", "tcl", "livescript"); !strings.Contains(out, "3 languages pass all tests") {
		t.Error(out)
	}
}

// The install script on a fresh Debian 12: its languages come in an environment, and pass their tests there.
func TestInstallScript(t *testing.T) {
	needDebian(t)
	d := makeDebian(t, "bookworm")
	for _, f := range []string{"install-debian.sh", "codecollab.service", "codecollab-runner.service"} {
		d.copy(t, f, "srv/"+f)
	}
	for range 2 { // a second time changes nothing
		d.run(t, "bash", "/srv/install-debian.sh", "/usr/local/bin/codecollab", "lua")
	}
	if out := d.run(t, "codecollab", "languages", "check", "lua"); !strings.Contains(out, "debian-13") || !strings.Contains(out, "1 languages pass all tests") {
		t.Error(out)
	}
	st, err := os.Stat(filepath.Join(d.root, "etc/codecollab/runner-token"))
	if err != nil || st.Mode().Perm() != 0o600 || st.Size() < 40 {
		t.Errorf("the token: %v, %v", st, err)
	}
	if _, err := os.Stat(filepath.Join(d.root, "etc/systemd/system/codecollab-runner.service")); err != nil {
		t.Error(err)
	}
}
