package attacks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// engine is a server of Piston's API.
type engine struct {
	url   string
	token string
	http  *http.Client
}

// Answer is what an engine says of a job, in Piston's fields and the additions of this project's.
type Answer struct {
	Compile *stage   `json:"compile"`
	Run     *stage   `json:"run"`
	Files   []file   `json:"files"`
	Skipped []string `json:"skipped"`
	bytes   int      // of the whole answer
	text    string   // of the whole answer
}

type stage struct {
	Stdout  string `json:"stdout"`
	Stderr  string `json:"stderr"`
	Code    *int   `json:"code"`
	Signal  string `json:"signal"`
	Message string `json:"message"`
	Status  string `json:"status"`
	Verdict string `json:"verdict"`
}

type file struct {
	Name    string `json:"name"`
	Content string `json:"content"`
}

// mostAnswer is how large an answer may be, whatever a program prints or leaves behind.
const mostAnswer = 32 << 20

// refused is an answer other than 200.
type refused struct {
	status  int
	message string
}

func (r *refused) Error() string { return fmt.Sprintf("status %d: %s", r.status, r.message) }

func (e *engine) execute(ctx context.Context, request map[string]any) (*Answer, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	res, err := e.do(ctx, http.MethodPost, "/api/v2/execute", body)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer+1))
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		var why struct{ Message string }
		_ = json.Unmarshal(raw, &why)
		return nil, &refused{res.StatusCode, why.Message}
	}
	a := &Answer{bytes: len(raw), text: string(raw)}
	if len(raw) <= mostAnswer {
		err = json.Unmarshal(raw, a)
	}
	return a, err
}

func (e *engine) do(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, e.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if e.token != "" {
		req.Header.Set("Authorization", "Bearer "+e.token)
	}
	return e.http.Do(req)
}

// languages are the names under which the engine runs programs.
func (e *engine) languages(ctx context.Context) (map[string]bool, error) {
	res, err := e.do(ctx, http.MethodGet, "/api/v2/runtimes", nil)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, &refused{res.StatusCode, "GET /api/v2/runtimes"}
	}
	var list []struct {
		Language string
		Aliases  []string
	}
	if err := json.NewDecoder(res.Body).Decode(&list); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, l := range list {
		names[l.Language] = true
		for _, alias := range l.Aliases {
			names[alias] = true
		}
	}
	return names, nil
}

// message is anything that the engine says over /connect.
type message struct {
	Type    string `json:"type"`
	Stage   string `json:"stage"`
	Stream  string `json:"stream"`
	Data    string `json:"data"`
	Message string `json:"message"`
	Code    *int   `json:"code"`
	Signal  string `json:"signal"`
	Status  string `json:"status"`
	Verdict string `json:"verdict"`
}

// terminal runs a job in a pseudo-terminal, over /connect.
func (e *engine) terminal(ctx context.Context, request map[string]any) (*Answer, error) {
	header := http.Header{}
	if e.token != "" {
		header.Set("Authorization", "Bearer "+e.token)
	}
	ws, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(e.url, "http")+"/api/v2/connect", &websocket.DialOptions{HTTPHeader: header, HTTPClient: e.http})
	if err != nil {
		return nil, err
	}
	defer ws.CloseNow()
	ws.SetReadLimit(mostAnswer)
	request["type"], request["pty"], request["rows"], request["cols"] = "init", true, 24, 80
	first, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	if err := ws.Write(ctx, websocket.MessageText, first); err != nil {
		return nil, err
	}
	a := &Answer{}
	stages := map[string]*stage{"compile": {}, "run": {}}
	now := stages["run"]
	for {
		_, raw, err := ws.Read(ctx)
		if err != nil {
			if websocket.CloseStatus(err) == 4999 {
				err = nil
			}
			return a, err
		}
		a.bytes += len(raw)
		a.text += string(raw)
		var m message
		if err := json.Unmarshal(raw, &m); err != nil {
			return nil, err
		}
		switch m.Type {
		case "stage":
			now = stages[m.Stage]
			if m.Stage == "compile" {
				a.Compile = now
			} else {
				a.Run = now
			}
		case "data":
			if m.Stream == "stderr" {
				now.Stderr += m.Data
			} else {
				now.Stdout += m.Data
			}
		case "exit":
			now.Code, now.Signal, now.Message, now.Status, now.Verdict = m.Code, m.Signal, m.Message, m.Status, m.Verdict
		case "error":
			return nil, &refused{http.StatusInternalServerError, m.Message}
		}
	}
}

// serves runs the plainest program there is.
func (e *engine) serves(ctx context.Context, language string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	source := `print("still here")`
	if language != "python" {
		source = `echo "still here"`
	}
	a, err := e.execute(ctx, map[string]any{"language": language, "version": "*", "files": []map[string]string{{"content": source}}})
	if err != nil {
		return fmt.Errorf("the engine does not serve any more: %w", err)
	}
	if a.Run == nil || a.Run.Stdout != "still here\n" {
		return fmt.Errorf("the engine does not serve as before: %.200s", a.text)
	}
	return nil
}
