package hintbench

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// answer is what the model says, token by token. The first word of the hint is whole with the one after it.
var answer = strings.SplitAfter("LINE: 3\nKIND: off-by-one\nHINT: How far does the loop go, and how long is the list that it reads?\n", " ")

// firstWord is the token with which the first word of the hint can be told.
var firstWord = func() int {
	for i, t := range answer {
		if strings.HasSuffix(t, "HINT: ") {
			return i + 1
		}
	}
	return 0
}()

// model is a provider on loopback that streams at a set pace.
type model struct {
	*httptest.Server
	calls atomic.Int64
	open  chan struct{} // closed: it may answer

	mu   sync.Mutex
	took time.Duration // of the last call: from the request to the first word
}

func startModel(o *options) *model {
	m := &model{open: make(chan struct{})}
	close(m.open)
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		m.calls.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		m.mu.Lock()
		open := m.open
		m.mu.Unlock()
		<-open
		w.Header().Set("Content-Type", "text/event-stream")
		time.Sleep(o.first)
		for i, token := range answer {
			if i > 0 {
				time.Sleep(o.token)
			}
			data, _ := json.Marshal(token)
			if i == firstWord {
				m.mu.Lock()
				m.took = time.Since(begun)
				m.mu.Unlock()
			}
			fmt.Fprintf(w, "data: {\"choices\":[{\"delta\":{\"content\":%s}}]}\n\n", data)
			_ = http.NewResponseController(w).Flush()
		}
		fmt.Fprint(w, "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
	}))
	return m
}

// hold makes the model wait until the answer is called.
func (m *model) hold() (release func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	open := make(chan struct{})
	m.open = open
	return func() { close(open) }
}

// own is what the last call took by itself, until the first word.
func (m *model) own() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.took
}
