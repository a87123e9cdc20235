package provider

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// model is a provider on loopback. Each request is answered by the next of its ways; the last one stays.
type model struct {
	*httptest.Server
	asked atomic.Int32
	gone  atomic.Int32 // requests whose client has gone before the answer was whole
	keys  chan string
}

type way func(m *model, w http.ResponseWriter, r *http.Request)

func newModel(t *testing.T, ways ...way) *model {
	t.Helper()
	m := &model{keys: make(chan string, 100)}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(m.asked.Add(1)) - 1
		m.keys <- r.Header.Get("Authorization")
		var in chatRequest
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.URL.Path != "/v1/chat/completions" || !in.Stream || len(in.Messages) == 0 {
			t.Errorf("a request that is none: %s, %+v, %v", r.URL, in, err)
		}
		ways[min(n, len(ways)-1)](m, w, r)
	}))
	t.Cleanup(m.Server.Close)
	return m
}

func (m *model) endpoint(name string) Endpoint {
	return Endpoint{Name: name, URL: m.URL + "/v1", Model: "m-" + name, Key: func() string { return secretKey }}
}

const secretKey = "sk-very-secret-0123456789abcdef"

// piece is one event of a stream.
func piece(text, finish string) string {
	f := "null"
	if finish != "" {
		f = `"` + finish + `"`
	}
	return fmt.Sprintf(`data: {"id":"x","model":"real","choices":[{"index":0,"delta":{"content":%q},"finish_reason":%s}],"usage":null}`+"\n\n", text, f)
}

const (
	opening = ": hello\n\n" + `data: {"id":"x","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}` + "\n\n"
	usage   = `data: {"id":"x","model":"real","choices":[],"usage":{"prompt_tokens":120,"completion_tokens":30}}` + "\n\n"
	done    = "data: [DONE]\n\n"
)

func whole(text string) string { return opening + piece(text, "") + piece("", "stop") + usage + done }

func stream(w http.ResponseWriter, parts ...string) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	for _, p := range parts {
		_, _ = w.Write([]byte(p)) // the client may have gone
		w.(http.Flusher).Flush()
	}
}

// says answers at once.
func says(text string) way {
	return func(_ *model, w http.ResponseWriter, _ *http.Request) { stream(w, whole(text)) }
}

// refuses answers with a status.
func refuses(status int, header, body string) way {
	return func(_ *model, w http.ResponseWriter, _ *http.Request) {
		if name, value, ok := strings.Cut(header, ": "); ok {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// hangs says some things and then nothing, until the client has gone.
func hangs(parts ...string) way {
	return func(m *model, w http.ResponseWriter, r *http.Request) {
		stream(w, parts...)
		<-r.Context().Done()
		m.gone.Add(1)
	}
}

// drops says some things and breaks the connection.
func drops(parts ...string) way {
	return func(_ *model, w http.ResponseWriter, _ *http.Request) {
		stream(w, parts...)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			conn.Close()
		}
	}
}

// resets breaks the connection before it has said anything.
func resets(_ *model, w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.(*net.TCPConn).SetLinger(0) // a reset, not an end
		conn.Close()
	}
}

// late answers after a time, unless the client goes first.
func late(after time.Duration, text string) way {
	return func(m *model, w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(after):
			stream(w, whole(text))
		case <-r.Context().Done():
			m.gone.Add(1)
		}
	}
}
