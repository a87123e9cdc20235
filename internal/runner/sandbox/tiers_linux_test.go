package sandbox_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"codecollab.dev/internal/runner/sandbox"
)

// TestOtherTiers runs all tests of this package again, in the tiers that are not the usual one, and as a user with no privileges.
func TestOtherTiers(t *testing.T) {
	if os.Getenv(tierVar) != "" {
		t.Skip("this is another tier")
	}
	if os.Geteuid() != 0 {
		t.Skip("needs root, to become somebody else")
	}
	for _, c := range []struct {
		name, tier string
		user       uint32
		groups     bool // of its own
	}{
		{"namespaces as a plain user", "namespaces", 12346, true},
		{"containers of runc", "gvisor", 0, false},
		{"landlock as root", "landlock", 0, false},
		{"landlock as a plain user", "landlock", 12345, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := exec.LookPath(testRuntime); c.tier == "gvisor" && err != nil && os.Getenv("CI") != "true" {
				t.Skip("needs an OCI runtime: apt-get install ", testRuntime)
			}
			args := []string{"-test.v"}
			if testing.Short() {
				args = append(args, "-test.short")
			}
			cmd := exec.CommandContext(t.Context(), copyOfTests(t), args...)
			cmd.Env = []string{tierVar + "=" + c.tier, "PATH=" + os.Getenv("PATH")}
			cmd.Dir = "/"
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: c.user, Gid: c.user}, Setsid: true}
			if c.groups {
				insideGroups(cmd, delegatedGroups(t, c.user), c.user)
			}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// delegatedGroups makes groups that belong to a user, as systemd does for a service with Delegate=yes.
func delegatedGroups(t *testing.T, user uint32) []string {
	t.Helper()
	own, err := sandbox.OwnGroups()
	if err != nil {
		t.Fatal(err)
	}
	var dirs []string
	for _, parent := range own {
		dir, err := os.MkdirTemp(parent, "delegated-")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { removeGroups(t, dir) })
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(dir, int(user), int(user)); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if slices.Contains([]string{"cgroup.procs", "cgroup.threads", "cgroup.subtree_control", "tasks"}, f.Name()) {
				if err := os.Chown(filepath.Join(dir, f.Name()), int(user), int(user)); err != nil {
					t.Fatal(err)
				}
			}
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

// removeGroups removes a group, and the leaf that a supervisor has stepped into.
func removeGroups(t *testing.T, dir string) {
	_ = os.Remove(filepath.Join(dir, "codecollab-self"))
	eventually(t, dir+" can be removed", func() bool {
		err := os.Remove(dir)
		return err == nil || os.IsNotExist(err)
	})
}

// insideGroups has a command begin in groups, and become the user there.
func insideGroups(cmd *exec.Cmd, groups []string, user uint32) {
	script := `for g in ` + strings.Join(groups, " ") + `; do echo $$ >"$g/cgroup.procs" || exit 1; done
		exec setpriv --reuid=` + fmt.Sprint(user) + ` --regid=` + fmt.Sprint(user) + ` --clear-groups "$0" "$@"`
	cmd.Args = append([]string{"sh", "-c", script}, cmd.Args...)
	cmd.Path = "/bin/sh"
	cmd.SysProcAttr.Credential = nil
}

// copyOfTests is this program where every user may run it.
func copyOfTests(t *testing.T) string {
	t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	path := cellsDir(t) + "/sandbox.test"
	if err := os.WriteFile(path, self, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}
