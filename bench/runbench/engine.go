package runbench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// engine is a server of Piston's API; cmd is nil where it was not started by the measurement.
type engine struct {
	url, token string
	cmd        *exec.Cmd
	log        bytes.Buffer
}

// startEngine runs "self runner", and returns when it listens.
func startEngine(self string) (*engine, error) {
	e := &engine{token: rand.Text()}
	e.cmd = exec.Command(self, "runner", "--addr=127.0.0.1:0")
	e.cmd.Env = append(os.Environ(), "CODECOLLAB_ANNOUNCE=1", "CODECOLLAB_RUNNER_TOKEN="+e.token)
	e.cmd.Stderr = &e.log
	if _, err := e.cmd.StdinPipe(); err != nil { // it ends when this process does
		return nil, err
	}
	out, err := e.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := e.cmd.Start(); err != nil {
		return nil, err
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ok {
		_ = e.cmd.Wait()
		return nil, fmt.Errorf("the runner does not start: %s", e.log.String())
	}
	e.url = url
	return e, nil
}

func (e *engine) stop() error {
	if e.cmd == nil {
		return nil
	}
	_ = e.cmd.Process.Signal(os.Interrupt) // where it has ended already, Wait knows how
	defer time.AfterFunc(leave, func() { _ = e.cmd.Process.Kill() }).Stop()
	return e.cmd.Wait()
}

func program(language, source string) map[string]any {
	return map[string]any{"language": language, "version": "*", "files": []map[string]string{{"content": source}}}
}

// run runs a program that must succeed.
func (e *engine) run(ctx context.Context, request map[string]any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url+"/api/v2/execute", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+e.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	var a struct{ Run struct{ Code *int } }
	if err := json.Unmarshal(text, &a); err != nil || a.Run.Code == nil || *a.Run.Code != 0 {
		return fmt.Errorf("the runner answers %s: %.300s", res.Status, text)
	}
	return nil
}

// languages are those that the engine has.
func (e *engine) languages(ctx context.Context) (map[string]bool, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.url+"/api/v2/runtimes", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+e.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var list []struct{ Language string }
	if err := json.NewDecoder(res.Body).Decode(&list); err != nil {
		return nil, fmt.Errorf("GET /api/v2/runtimes: %w", err)
	}
	have := map[string]bool{}
	for _, l := range list {
		have[l.Language] = true
	}
	return have, nil
}

// firstByte is the time from asking to the first byte of a prompt.
func (e *engine) firstByte(ctx context.Context) (time.Duration, error) {
	start := time.Now()
	ws, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(e.url, "http")+"/api/v2/connect",
		&websocket.DialOptions{HTTPHeader: http.Header{"Authorization": {"Bearer " + e.token}}})
	if err != nil {
		return 0, err
	}
	defer ws.CloseNow()
	request := program("python", `input("name? ")`)
	request["type"] = "init"
	first, err := json.Marshal(request)
	if err != nil {
		return 0, err
	}
	if err := ws.Write(ctx, websocket.MessageText, first); err != nil {
		return 0, err
	}
	for {
		_, raw, err := ws.Read(ctx)
		if err != nil {
			return 0, err
		}
		if bytes.Contains(raw, []byte(`"data"`)) {
			return time.Since(start), nil
		}
	}
}
