package runner_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"
	"testing"

	"codecollab.dev/internal/runner"
)

func answerOf(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// TestMethodsAndPaths: what Piston's framework makes of requests that are not quite those of the documentation.
func TestMethodsAndPaths(t *testing.T) {
	_, url := serve(t, runner.Options{})
	const (
		notFound = `{"message":"Not Found"}`
		notJSON  = `{"message":"requests must be of type application/json"}`
		noLang   = `{"message":"language is required as a string"}`
	)
	run := `{"language":"bash","version":"*","files":[{"content":"echo hi"}]}`
	for _, c := range []struct {
		method, path, kind, body string
		status                   int
		want                     string // a part of the body
	}{
		{"GET", "/", "", "", 200, `"message":`},
		{"GET", "/api/v2/runtimes", "", "", 200, `"language":"bash"`},
		{"GET", "/api/v2/runtimes/", "", "", 200, `"language":"bash"`},
		{"GET", "/API/v2/Runtimes", "", "", 200, `"language":"bash"`},
		{"GET", "/api/v2/runtimes?x=1", "", "", 200, `"language":"bash"`},
		{"GET", "/api/v2/piston/runtimes", "", "", 200, `"language":"bash"`},
		{"HEAD", "/api/v2/runtimes", "", "", 200, ""},
		{"OPTIONS", "/api/v2/packages", "", "", 200, "GET,HEAD,POST,DELETE"},
		{"GET", "/api/v2/execute", "", "", 404, notFound},
		{"GET", "/api/v2", "", "", 404, notFound},
		{"GET", "/nowhere", "", "", 404, notFound},
		{"POST", "/nowhere", "", "", 404, notFound},
		{"POST", "/api/v2/nowhere", "application/json", "{}", 404, notFound},
		{"POST", "/api/v2/nowhere", "", "", 415, notJSON},
		{"PUT", "/api/v2/execute", "application/json", "{}", 404, notFound},
		{"PUT", "/api/v2/execute", "", "", 415, notJSON},
		{"POST", "/api/v2/execute", "", run, 415, notJSON},
		{"POST", "/api/v2/execute", "text/plain", run, 415, notJSON},
		{"POST", "/api/v2/execute", "application/x-www-form-urlencoded", "language=bash", 415, notJSON},
		{"DELETE", "/api/v2/packages", "text/plain", run, 415, notJSON},
		{"POST", "/api/v2/execute", "application/json", run, 200, `"stdout":"hi\n"`},
		{"POST", "/api/v2/execute/", "Application/JSON; charset=UTF-8", run, 200, `"stdout":"hi\n"`},
		{"POST", "/api/v2/execute", "application/json; charset=latin1", run, 400, `unsupported charset`},
		{"POST", "/api/v2/execute", "application/json", "", 400, noLang},
		{"POST", "/api/v2/execute", "application/json", "{}", 400, noLang},
		{"POST", "/api/v2/execute", "application/json", "[]", 400, "must be a JSON object, not array"},
		{"POST", "/api/v2/execute", "application/json", "null", 400, noLang},
		{"POST", "/api/v2/execute", "application/json", `"x"`, 400, "must be a JSON object, not string"},
		{"POST", "/api/v2/execute", "application/json", strings.Repeat("[", 1<<20), 400, "not valid JSON"},
		{"POST", "/api/v2/execute", "application/json", `{"files":` + strings.Repeat(`{"a":`, 20000), 400, "not valid JSON"},
		{"POST", "/api/v2/execute", "application/json", `{"run_timeout":1e999}`, 400, "out of range"},
		{"GET", "/api/v2/connect", "", "", 426, "speaks WebSocket"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, url+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		if c.kind != "" {
			req.Header.Set("Content-Type", c.kind)
		}
		if status, text := answerOf(t, req); status != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%s %s %s %.60s: %d %.200s, want %d %s", c.method, c.path, c.kind, c.body, status, text, c.status, c.want)
		}
	}
	for encoding, w := range map[string]func(io.Writer) io.WriteCloser{
		"gzip":    func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	} {
		packed := func(text string) *http.Request {
			var b bytes.Buffer
			z := w(&b)
			_, _ = io.WriteString(z, text)
			z.Close()
			req, _ := http.NewRequestWithContext(t.Context(), "POST", url+"/api/v2/execute", &b)
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Content-Encoding", encoding)
			return req
		}
		if status, text := answerOf(t, packed(run)); status != 200 || !strings.Contains(text, "hi") {
			t.Errorf("%s: %d %s", encoding, status, text)
		}
		if status, text := answerOf(t, packed(strings.Repeat(" ", 100<<20))); status != 400 || !strings.Contains(text, "larger than") {
			t.Errorf("%s, a bomb: %d %s", encoding, status, text)
		}
	}
}

// TestUnnamedType: fetch sends a text without a type as plain text. A browser does so for pages of others as well.
func TestUnnamedType(t *testing.T) {
	_, url := serve(t, runner.Options{})
	for origin, want := range map[string]int{"": 200, "https://elsewhere.example": 415} {
		req, _ := http.NewRequestWithContext(t.Context(), "POST", url+"/api/v2/execute", strings.NewReader(`{"language":"bash","version":"*","files":[{"content":""}]}`))
		req.Header.Set("Content-Type", "text/plain;charset=UTF-8")
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		if status, text := answerOf(t, req); status != want {
			t.Errorf("from %q: %d %s, want %d", origin, status, text, want)
		}
	}
}

// TestAsOthersAsk: the requests of Piston's documentation and of its clients that cannot be had here, in their form.
func TestAsOthersAsk(t *testing.T) {
	_, url := serve(t, runner.Options{})
	file := func(name, content string) object { return object{"name": name, "content": content} }
	for name, c := range map[string]struct {
		request object
		stdout  string
		status  string // "" when it ends well
	}{
		"Piston's documentation": {object{"language": "js", "version": "*", "files": []object{file("my_cool_code.js", "console.log(process.argv.slice(2))")},
			"stdin": "", "args": []string{"1", "2", "3"}, "compile_timeout": 10000, "run_timeout": 3000, "compile_memory_limit": -1, "run_memory_limit": -1},
			"[ '1', '2', '3' ]\n", ""},
		"go-piston, no input": {object{"language": "python", "version": "*", "files": []object{{"content": "import sys\nprint(repr(sys.stdin.read()))"}}}, "''\n", ""},
		"go-piston, input":    {object{"language": "python", "version": "*", "files": []object{{"content": "print(input()[::-1])"}}, "stdin": "hello world"}, "dlrow olleh\n", ""},
		"go-piston, time": {object{"language": "python", "version": "*", "files": []object{file("main.py", "import time\nprint('before')\ntime.sleep(3)")},
			"run_timeout": 500}, "before\n", "TO"},
		"go-piston, memory": {object{"language": "python", "version": "*", "files": []object{file("main.py", "x = bytearray(200 * 1024 * 1024)\nprint('allocated')")},
			"run_memory_limit": 32 << 20}, "", "SG"},
		"piston_rs": {object{"language": "python", "version": "3", "files": []object{{"name": "file.code", "content": "print(42)", "encoding": "utf8"}},
			"stdin": "", "args": []string{}, "compile_timeout": 10000, "run_timeout": 3000, "compile_memory_limit": -1, "run_memory_limit": -1}, "42\n", ""},
		"a bot": {object{"language": "c++", "version": "*", "files": []object{{"content": "#include <iostream>\nint main() { std::cout << \"Hello\"; }"}}}, "Hello", ""},
	} {
		code, a := post(t, url, c.request)
		status := ""
		if code == 200 && a.Run.Status != nil {
			status = *a.Run.Status
		}
		if code != 200 || a.Run.Stdout != c.stdout || status != c.status {
			t.Errorf("%s: %d %s %+v", name, code, a.Message, a.Run)
		}
		if status != "" && (a.Run.Code != nil || a.Run.Signal == nil || *a.Run.Signal != "SIGKILL") {
			t.Errorf("%s: %s", name, words(a.Run))
		}
	}
}
