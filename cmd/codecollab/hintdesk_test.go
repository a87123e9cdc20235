package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/wire"
)

const hintKey = "gsk_very-secret-key-of-the-tests-0123456789"

// hintServer is a model on loopback. With a wrong key it repeats it, as some do.
func hintServer(t *testing.T, key string) *httptest.Server {
	m := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if got := r.Header.Get("Authorization"); got != "Bearer "+key {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"error":{"message":"Incorrect key: %s"}}`, got)
			return
		}
		if strings.HasSuffix(r.URL.Path, "/models") {
			fmt.Fprint(w, `{"data":[]}`)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, `data: {"choices":[{"delta":{"content":"LINE: 1\nKIND: undeclared-name\nHINT: Where does the name get its value?"},"finish_reason":"stop"}]}`+"\n\ndata: [DONE]\n\n")
	}))
	t.Cleanup(m.Close)
	return m
}

func keyFile(t *testing.T) string {
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(hintKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// ask turns hints on and asks for one.
func (p *program) ask(room, token string, who *person) string {
	p.t.Helper()
	who.settle()
	who.Do(&wire.Hints{On: true, Level: 4, Models: true})
	who.find("hints are on", func(e *wire.Event) bool { return e.Body.Kind() == "hints" })
	body := fmt.Sprintf(`{"file":%q,"level":3}`, who.file())
	room, _ = syncclient.Address(room)
	req, err := http.NewRequest("POST", "http://"+p.addr+"/api/v1/rooms/"+room+"/hints", strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s: %s, %v", resp.Status, answer, err)
	}
	return string(answer)
}

// A key is used, and shown by nothing: not by the log, an answer or the doctor, whatever the provider says.
func TestKeysAreNeverShown(t *testing.T) {
	good, bad := hintServer(t, hintKey), hintServer(t, "another")
	providers := bad.URL + "/v1 m, " + good.URL + "/v1 m"
	p := start(t, "", "--hint-providers", providers, "--hint-key-file", keyFile(t), "--log-level", "debug")
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	ann.set("print(x)\n")
	answer := p.ask(room, token, ann)
	if !strings.Contains(answer, "Where does the name get its value?") {
		t.Errorf("no answer of the second model: %s", answer)
	}
	if !strings.Contains(p.said(), "a model gave no answer") {
		t.Error("the log does not tell of the first model")
	}
	var screen, said bytes.Buffer
	args := []string{"doctor", "--data", t.TempDir(), "--runner-data", cacheDir(t), "--runner-url", "http://127.0.0.1:1", "--hint-providers", providers, "--hint-key-file", keyFile(t)}
	for _, more := range [][]string{nil, {"--json"}} {
		command(t.Context(), append(args, more...), nil, &screen, &said)
	}
	if !strings.Contains(screen.String(), "Incorrect key: Bearer [secret]") || !strings.Contains(screen.String(), "answers") {
		t.Errorf("the doctor does not say how the models are:\n%s", screen.String())
	}
	for name, text := range map[string]string{"the answer": answer, "the log": p.said(), "the doctor": screen.String() + said.String()} {
		if strings.Contains(text, hintKey) || strings.Contains(text, hintKey[:16]) {
			t.Errorf("%s shows the key:\n%s", name, text)
		}
	}
}

// Without any model, what the program says when it is run is enough for an answer that is honest.
func TestHintsWithoutAModel(t *testing.T) {
	p := start(t, "")
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	ann.set("print(undefined_name)\n")
	if f := ann.finish(ann.run("python")); f.Code == nil || *f.Code != 1 {
		t.Fatalf("%+v", f)
	}
	answer := p.ask(room, token, ann)
	if !strings.Contains(answer, `"source":"grounded"`) || !strings.Contains(answer, `"line":1`) || !strings.Contains(answer, "undefined_name") {
		t.Errorf("%s", answer)
	}
}
