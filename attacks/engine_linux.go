package attacks

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// child is an engine that was started to be attacked.
type child struct {
	engine
	cmd *exec.Cmd
	dir string // its log and its folder for temporary files
}

// absent says that the host does not allow a tier.
type absent struct{ why string }

func (a *absent) Error() string { return a.why }

// runtimeVar names the OCI runtime, which only the tier gvisor has.
const runtimeVar = "CODECOLLAB_RUNNER_OCI_RUNTIME"

// startTime is how long an engine may take until it listens.
const startTime = time.Minute

// startEngine runs "self runner" in a tier ("auto": its own choice), with secret in its environment.
func startEngine(ctx context.Context, self, tier, secret string) (*child, error) {
	dir, err := os.MkdirTemp("", "attack-engine-")
	if err != nil {
		return nil, err
	}
	c := &child{dir: dir, engine: engine{token: "token" + rand.Text(), http: &http.Client{Transport: &http.Transport{}}}}
	if err := os.Mkdir(c.tmp(), 0o755); err != nil {
		return nil, err
	}
	log, err := os.Create(c.log())
	if err != nil {
		return nil, err
	}
	defer log.Close()
	args := []string{"runner", "--addr=127.0.0.1:0"}
	if tier != "auto" {
		args = append(args, "--sandbox="+tier, "--allow-weaker")
	}
	c.cmd = exec.Command(self, args...)
	c.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/", "TMPDIR=" + c.tmp(), "CODECOLLAB_ANNOUNCE=1",
		"CODECOLLAB_RUNNER_TOKEN=" + c.token, secretName + "=" + secret}
	if runtime := os.Getenv(runtimeVar); runtime != "" {
		c.cmd.Env = append(c.cmd.Env, runtimeVar+"="+runtime)
	}
	c.cmd.Stderr = log
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if _, err := c.cmd.StdinPipe(); err != nil { // it ends when this process does
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	impatience := time.AfterFunc(startTime, func() { _ = c.cmd.Process.Kill() })
	defer impatience.Stop()
	line, err := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if err != nil || !ok {
		why := c.lastWords()
		_ = c.cmd.Wait()
		return nil, errors.Join(&absent{why}, os.RemoveAll(dir))
	}
	c.url = url
	return c, ctx.Err()
}

func (c *child) tmp() string { return filepath.Join(c.dir, "tmp") }
func (c *child) log() string { return filepath.Join(c.dir, "log") }

// lastWords are the last line of the engine's log, which says why it has ended.
func (c *child) lastWords() string {
	text, _ := os.ReadFile(c.log())
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.TrimPrefix(lines[len(lines)-1], "codecollab: ")
}

// stop ends the engine. An engine that does not end by itself is an error.
func (c *child) stop() error {
	c.http.CloseIdleConnections()
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	killed := false
	impatience := time.AfterFunc(30*time.Second, func() { killed = true; _ = c.cmd.Process.Kill() })
	err := c.cmd.Wait()
	impatience.Stop()
	if killed {
		err = fmt.Errorf("the engine did not end within 30 s; its log ends with: %s", c.lastWords())
	}
	return errors.Join(err, os.RemoveAll(c.dir))
}
