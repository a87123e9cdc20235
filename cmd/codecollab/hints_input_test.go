package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"codecollab.dev/bench/syncclient"
)

// What nobody can answer gets a plain sentence from the running program, and costs nothing.
func TestWhatBadQuestionsGet(t *testing.T) {
	model := hintServer(t, hintKey)
	p := start(t, "", "--hint-providers", model.URL+"/v1 m", "--hint-key-file", keyFile(t), "--hint-code-most", "1000", "--hint-person-minute", "5")
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	ann.set("print(x)\n")
	p.ask(room, token, ann) // turns hints on
	id, _ := syncclient.Address(room)
	ask := func(more string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+p.addr+"/api/v1/rooms/"+id+"/hints",
			strings.NewReader(fmt.Sprintf(`{"file":%q,"level":3%s}`, ann.file(), more)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	for _, tt := range []struct{ name, text, more, want string }{
		{"a language without analysers", "HAI 1.2\nVISIBLE x\nKTHXBYE\n", `,"language":"lolcode"`, `"source":"model"`},
		{"code over the limit", strings.Repeat("value = 1 # nothing to see\n", 500), `,"caret":250,"kind":"explain"`, `"code":"window"`},
		{"binary text", "a\x01b\x02" + strings.Repeat("\x03\x04", 50), "", "is not text"},
		{"no such kind", "print(1)\n", `,"kind":"solve"`, "is none of them"},
		{"no such speech", "print(1)\n", `,"speech":"xx"`, "Answers are in"},
		{"the last that a person may ask", "print(1)\n", "", `"answer"`},
		{"a person over the limit", "print(1)\n", "", "Try again in a moment"},
	} {
		ann.set(tt.text)
		ann.settle()
		if status, got := ask(tt.more); !strings.Contains(got, tt.want) || status >= 500 {
			t.Errorf("%s: %d %s, want %q", tt.name, status, got, tt.want)
		}
	}
}
