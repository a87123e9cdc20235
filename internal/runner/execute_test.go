package runner_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"codecollab.dev/internal/runner"
)

func TestExecute(t *testing.T) {
	_, url := serve(t, runner.Options{})
	t.Run("everything a request can have", func(t *testing.T) {
		r := ok(t, url, object{"language": "py3", "version": ">=3", "stdin": "in\n", "args": []string{"a", "b c"},
			"files": []object{
				{"name": "lib/data.bin", "content": "AAH/", "encoding": "base64"},
				{"name": "main.py", "content": "import sys, lib.mod\nprint(sys.argv[1:], input(), open('lib/data.bin','rb').read(), open('x','rb').read())"},
				{"name": "lib/mod.py", "content": ""}, {"name": "x", "content": "ff00", "encoding": "hex"},
			}, "run_timeout": 5000, "run_memory_limit": -1})
		if r.Stdout != "['a', 'b c'] in b'\\x00\\x01\\xff' b'\\xff\\x00'\n" {
			t.Errorf("%q", r.Stdout)
		}
	})
	t.Run("exit code", func(t *testing.T) {
		_, a := post(t, url, program("bash", "echo out; echo err >&2; exit 7", nil))
		if *a.Run.Code != 7 || *a.Run.Status != "RE" || a.Run.Stdout != "out\n" || a.Run.Stderr != "err\n" || a.Run.Signal != nil {
			t.Errorf("%s", words(a.Run))
		}
	})
	t.Run("compile error", func(t *testing.T) {
		_, a := post(t, url, program("c", "int main(void) { return x; }", nil))
		if a.Compile == nil || *a.Compile.Code != 1 || !strings.Contains(a.Run.Stderr, "undeclared") {
			t.Errorf("%+v", a)
		}
	})
	t.Run("many and long arguments", func(t *testing.T) {
		args := make([]string, 8)
		for i := range args {
			args[i] = strings.Repeat("x", 127<<10)
		}
		r := ok(t, url, program("python", "import sys\nprint(sum(map(len, sys.argv[1:])))", object{"args": args}))
		if r.Stdout != "1040384\n" {
			t.Errorf("%q", r.Stdout)
		}
	})
	t.Run("what was asked for as nothing is nothing", func(t *testing.T) {
		ok(t, url, program("bash", "true", object{"run_timeout": 0, "compile_timeout": nil, "run_cpu_time": "", "run_memory_limit": false, "env": object{"LD_PRELOAD": "x"}}))
	})
	t.Run("a compiler that needs too much memory", func(t *testing.T) {
		_, a := post(t, url, program("c++", "#include <bits/stdc++.h>\nint main() {}", object{"compile_memory_limit": 120 << 20}))
		if a.Compile == nil || a.Compile.Verdict != "memory" || a.Compile.Message == nil || *a.Compile.Message != "Memory limit of 120 MiB exceeded" || a.Run.Message == nil {
			t.Errorf("%+v", a.Compile)
		}
		ok(t, url, program("bash", "true", nil))
	})
	t.Run("what was printed before a timeout is shown", func(t *testing.T) {
		_, a := post(t, url, program("python", "print('before')\nwhile True: pass", object{"run_timeout": 700}))
		if a.Run.Stdout != "before\n" || *a.Run.Status != "TO" || *a.Run.Signal != "SIGKILL" || a.Run.Code != nil {
			t.Errorf("%q %s", a.Run.Stdout, words(a.Run))
		}
	})
}

func TestBadRequests(t *testing.T) {
	_, url := serve(t, runner.Options{MaxBody: 1 << 20})
	file := func(name any) object {
		return object{"language": "bash", "version": "*", "files": []object{{"name": name, "content": ""}}}
	}
	with := func(key string, v any) object { return program("bash", "", object{key: v}) }
	many := make([]object, 101)
	for i := range many {
		many[i] = object{"content": ""}
	}
	for _, c := range []struct {
		name string
		body any
		want string
	}{
		{"not JSON", "{", "not valid JSON"},
		{"no language", object{"version": "*", "files": []object{}}, "language is required as a string"},
		{"language is a number", object{"language": 3, "version": "*", "files": []object{}}, "language is required as a string"},
		{"no version", object{"language": "bash", "files": []object{}}, "version is required as a string"},
		{"no files", object{"language": "bash", "version": "*"}, "files is required as an array"},
		{"files is a string", object{"language": "bash", "version": "*", "files": "x"}, "files is required as an array"},
		{"empty files", object{"language": "bash", "version": "*", "files": []object{}}, "at least one utf8"},
		{"no content", object{"language": "bash", "version": "*", "files": []object{{}}}, "files[0].content is required as a string"},
		{"unknown language", program("klingon", "", nil), "klingon-* runtime is unknown"},
		{"unknown version", object{"language": "bash", "version": "99.x", "files": []object{{"content": ""}}}, "bash-99.x runtime is unknown"},
		{"bad version", object{"language": "bash", "version": "><", "files": []object{{"content": ""}}}, "runtime is unknown"},
		{"up", file("../x"), "plain path"},
		{"up inside", file("a/../../x"), "plain path"},
		{"absolute", file("/etc/passwd"), "relative path"},
		{"zero byte", file("a\x00b"), "file name cannot have"},
		{"long", file(strings.Repeat("x", 300)), "at most 200"},
		{"dot", file("."), "plain path"},
		{"name is a number", file(4), "must be a string"},
		{"twice", object{"language": "bash", "version": "*", "files": []object{{"name": "a", "content": ""}, {"name": "a", "content": ""}}}, "used twice"},
		{"file and folder", object{"language": "bash", "version": "*", "files": []object{{"name": "a", "content": ""}, {"name": "a/b", "content": ""}}}, "folder where a file is"},
		{"too many", object{"language": "bash", "version": "*", "files": many}, "101 files"},
		{"bad base64", object{"language": "bash", "version": "*", "files": []object{{"content": "***", "encoding": "base64"}}}, "not valid base64"},
		{"bad hex", object{"language": "bash", "version": "*", "files": []object{{"content": "zz", "encoding": "hex"}}}, "not valid hex"},
		{"bad encoding", object{"language": "bash", "version": "*", "files": []object{{"content": "", "encoding": "utf16"}}}, "utf8, base64, hex"},
		{"args", with("args", []any{1}), "args[0] must be a string"},
		{"stdin", with("stdin", 1), "stdin must be a string"},
		{"timeout", with("run_timeout", "1"), "If specified, run_timeout must be a number"},
		{"timeout too long", with("run_timeout", 999_999), "run_timeout cannot exceed the configured limit of 60000"},
		{"negative", with("compile_cpu_time", -1), "compile_cpu_time must be non-negative"},
		{"memory", with("run_memory_limit", 1<<40), "cannot exceed the configured limit"},
		{"memory is a text", with("run_memory_limit", "1"), "If specified, run_memory_limit must be a number"},
		{"memory below none", with("run_memory_limit", -2), "run_memory_limit must be non-negative"},
		{"args with a zero byte", with("args", []string{"a\x00b"}), "args[0] must be a string without zero bytes"},
		{"args is a text", with("args", "x"), "args must be an array of strings"},
		{"too many args", with("args", make([]string, 1001)), "args has 1001 entries; at most 1000"},
		{"a huge argument", with("args", []string{strings.Repeat("x", 128<<10)}), "args[0] has 131072 bytes; at most 131071"},
		{"deep", `{"language":"bash","version":"*","files":` + strings.Repeat("[", 100_000), "not valid JSON"},
		{"deep and valid", `{"language":"bash","version":"*","files":[` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "]}", "files[0].content is required"},
		{"a file is a text", object{"language": "bash", "version": "*", "files": []any{"x"}}, "files[0].content is required as a string"},
		{"a file is null", object{"language": "bash", "version": "*", "files": []any{nil}}, "files[0].content is required as a string"},
		{"a long language", program(strings.Repeat("x", 5000), "", nil), "…-* runtime is unknown"},
		{"a long path", file(strings.Repeat("a/", 150) + "b"), "at most 200"},
		{"a path with a slash at its end", file("a/"), "plain path"},
		{"a path of slashes", file("//"), "relative path"},
		{"a backslash and dots", file("..\\..\\x\n"), "file name cannot have"},
		{"only binary files", object{"language": "bash", "version": "*", "files": []object{{"content": "", "encoding": "hex"}}}, "at least one utf8"},
		{"large", program("bash", strings.Repeat("x", 2<<20), nil), "larger than the 1048576 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, a := post(t, url, c.body)
			if code != 400 || !strings.Contains(a.Message, c.want) {
				t.Errorf("%d %q, want 400 and %q", code, a.Message, c.want)
			}
			if len(a.Message) > 300 || strings.Contains(a.Message, "runner.") || strings.Contains(a.Message, dataDir) {
				t.Errorf("%q tells more than it should", a.Message)
			}
			ok(t, url, program("bash", "true", nil))
		})
	}
	t.Run("not JSON by type", func(t *testing.T) {
		resp, err := http.Post(url+"/api/v2/execute", "text/plain", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusUnsupportedMediaType {
			t.Error(resp.Status)
		}
	})
}

func TestFull(t *testing.T) {
	s, url := serve(t, runner.Options{Concurrency: 1, Queue: 1})
	if _, err := s.Report(t.Context()); err != nil {
		t.Fatal(err)
	}
	first, second, third := dial(t, url), dial(t, url), dial(t, url)
	for i, c := range []*client{first, second} {
		c.say(initial("bash", "echo ready; read x", nil))
		if i == 0 {
			c.until(func(m message) bool { return m.Data == "ready\n" })
		}
	}
	within(t, 5e9, "the second waits", func() string {
		resp, err := http.Get(url + "/api/v2/runtimes")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.Header.Get("X-Runner-Running") == "1" && resp.Header.Get("X-Runner-Waiting") == "1" && resp.Header.Get("X-Runner-Capacity") == "1" {
			return ""
		}
		return "headers say otherwise"
	})
	resp, err := http.Post(url+"/api/v2/execute", "application/json", strings.NewReader(`{"language":"bash","version":"*","files":[{"content":"true"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 429 || resp.Header.Get("Retry-After") == "" {
		t.Error(resp.Status)
	}
	if ws, resp, err := websocket.Dial(t.Context(), strings.Replace(url, "http", "ws", 1)+"/api/v2/connect", nil); err == nil {
		ws.CloseNow()
		t.Error("one more could connect")
	} else if resp == nil || resp.StatusCode != 429 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("%v %v", resp, err)
	}
	third.say(initial("bash", "", nil)) // it connected when there was room
	if m, _ := third.next(); m.Type != "error" || !strings.Contains(m.Message, "full") || m.RetryAfter < 1 {
		t.Errorf("%+v", m)
	}
	third.ends(4002)
	first.say(object{"type": "data", "stream": "stdin", "data": "\n"})
	first.ends(4999)
	second.until(func(m message) bool { return m.Data == "ready\n" })
}

func TestToken(t *testing.T) {
	for addr, refused := range map[string]bool{":2000": true, "0.0.0.0:2000": true, "10.0.0.1:2000": true, "nonsense": true,
		"127.0.0.1:2000": false, "[::1]:2000": false, "localhost:0": false, "": false} {
		if err := runner.CheckAddr(addr, ""); (err != nil) != refused {
			t.Errorf("%q without a token: %v", addr, err)
		}
		if err := runner.CheckAddr(addr, "x"); err != nil {
			t.Errorf("%q with a token: %v", addr, err)
		}
	}
	if _, err := runner.New(t.Context(), runner.Options{Addr: ":2000"}); err == nil {
		t.Error("a server beyond loopback without a token was made")
	}
	_, url := serve(t, runner.Options{Token: "secret"})
	for token, want := range map[string]int{"": 401, "Bearer wrong": 401, "Bearer": 401, "secret": 200, "Bearer secret": 200} {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", url+"/api/v2/runtimes", nil)
		req.Header.Set("Authorization", token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%q: %s, want %d", token, resp.Status, want)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	_, url := serve(t, runner.Options{Concurrency: 4, Queue: 40})
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() {
			if code, a := post(t, url, program("bash", "echo $((6*7))", nil)); code != 200 || a.Run.Stdout != "42\n" {
				t.Errorf("%d %+v", code, a)
			}
		})
	}
	all.Wait()
}
