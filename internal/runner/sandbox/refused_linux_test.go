package sandbox_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"codecollab.dev/internal/runner/sandbox"
)

// refusedVar is set where there can be no sandbox. Its value is what the refusal must say.
const refusedVar = "SANDBOX_TEST_REFUSED"

// TestPlainUsersAreRefused where something is missing: there is no sandbox with less.
func TestPlainUsersAreRefused(t *testing.T) {
	if want := os.Getenv(refusedVar); want != "" {
		s, err := sandbox.New(t.Context(), sandbox.Config{Tier: "namespaces", Dir: cellsDir(t)})
		if err == nil {
			s.Close()
			t.Fatal("there is a sandbox")
		}
		refusal, ok := errors.AsType[*sandbox.Refusal](err)
		if !ok || !strings.Contains(refusal.Do, want) {
			t.Errorf("%v", err)
		}
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("needs root, to become somebody else")
	}
	const user = 12347
	for name, c := range map[string]struct {
		groups       bool
		before, want string
	}{
		"no control groups":  {false, "", "Delegate=yes"},
		"no user namespaces": {true, "echo 0 >/proc/sys/user/max_user_namespaces", "user.max_user_namespaces"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), copyOfTests(t), "-test.run=^TestPlainUsersAreRefused$", "-test.v")
			if c.before != "" { // in a user namespace the setting is for those within alone
				script := c.before + ` && exec "$0" "$@"`
				cmd.Args = append([]string{"unshare", "--user", "--map-current-user", "--keep-caps", "sh", "-c", script}, cmd.Args...)
				cmd.Path = "/usr/bin/unshare"
			}
			cmd.Env = []string{refusedVar + "=" + c.want, "PATH=" + os.Getenv("PATH")}
			cmd.Dir = "/"
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: user}}
			if c.groups {
				insideGroups(cmd, delegatedGroups(t, user), user)
			}
			if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
