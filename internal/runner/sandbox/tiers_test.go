package sandbox_test

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
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
	}{
		{"landlock as root", "landlock", 0},
		{"landlock as a plain user", "landlock", 12345},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := []string{"-test.v"}
			if testing.Short() {
				args = append(args, "-test.short")
			}
			cmd := exec.CommandContext(t.Context(), copyOfTests(t), args...)
			cmd.Env = []string{tierVar + "=" + c.tier, "PATH=" + os.Getenv("PATH")}
			cmd.Dir = "/"
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: c.user, Gid: c.user}, Setsid: true}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
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
