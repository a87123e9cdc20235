package runner_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"codecollab.dev/internal/runner"
	"codecollab.dev/languages"
)

// dataDir is shared by the servers of this process, so that compile caches are made once.
var dataDir string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		// RUNNER_TEST_DATA names a folder that keeps compile caches, and holds npm packages, from one run of the tests
		// to the next.
		if dataDir = os.Getenv("RUNNER_TEST_DATA"); dataDir != "" {
			return m.Run()
		}
		var err error
		if dataDir, err = os.MkdirTemp("", "runner-test-"); err != nil {
			panic(err)
		}
		defer os.RemoveAll(dataDir)
		return m.Run()
	}())
}

// serve starts a whole server on a free port.
func serve(t testing.TB, o runner.Options) (*runner.Server, string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: the sandbox makes control groups")
	}
	if o.DataDir == "" {
		o.DataDir = dataDir
	}
	if o.Languages == nil {
		o.Languages = everywhere(t)
	}
	s, err := runner.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		web.CloseClientConnections()
		web.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, web.URL
}

// everywhere is the languages that every machine which runs these tests has. All the others are the business of codecollab languages
// check.
func everywhere(t testing.TB) languages.Catalogue {
	t.Helper()
	all, err := languages.Load()
	if err != nil {
		t.Fatal(err)
	}
	var few languages.Catalogue
	for _, id := range []string{"bash", "c", "c++", "go", "java", "javascript", "perl", "python", "ruby", "typescript"} {
		l, ok := all.Find(id)
		if !ok {
			t.Fatalf("there is no language %s", id)
		}
		few = append(few, l)
	}
	return few
}

type stage struct {
	Stdout, Stderr, Output string
	Code                   *int
	Signal                 *string
	Message                *string
	Status                 *string
	CPU                    int64 `json:"cpu_time"`
	Wall                   int64 `json:"wall_time"`
	Memory                 int64
	Verdict                string
	Truncated              *struct{ Stdout, Stderr int64 }
}

type answer struct {
	Compile, Run      *stage
	Language, Version string
	Message, Hint     string
	Files             []file
	Skipped           []string
}

// post sends v, or raw text, to /execute.
func post(t testing.TB, url string, v any) (int, answer) {
	t.Helper()
	raw, ok := v.(string)
	if !ok {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		raw = string(b)
	}
	resp, err := http.Post(url+"/api/v2/execute", "application/json", bytes.NewReader([]byte(raw)))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(b, &a); err != nil {
		t.Fatalf("%d %s: %v", resp.StatusCode, b, err)
	}
	return resp.StatusCode, a
}

type object = map[string]any

// program is a request with one file.
func program(language, source string, more object) object {
	o := object{"language": language, "version": "*", "files": []object{{"content": source}}}
	for k, v := range more {
		o[k] = v
	}
	return o
}

// ok runs a program that must end well.
func ok(t testing.TB, url string, request object) *stage {
	t.Helper()
	code, a := post(t, url, request)
	if code != 200 || a.Run == nil || a.Run.Code == nil || *a.Run.Code != 0 {
		t.Fatalf("status %d, message %q, compile %+v, run %+v", code, a.Message, a.Compile, a.Run)
	}
	return a.Run
}
