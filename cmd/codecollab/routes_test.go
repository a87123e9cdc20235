package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// route is something that the program answers to.
type route struct{ method, path string }

// allRoutes reads the routes from the sources: whoever adds one is tested at once.
func allRoutes(t *testing.T, room string) (all []route) {
	t.Helper()
	pattern := regexp.MustCompile(`"(GET|POST|PUT|PATCH|DELETE) (/[^"\s]*)"`)
	wildcard := regexp.MustCompile(`\{[^}]*\}`)
	seen := map[route]bool{}
	for _, folder := range []string{"server", "gate"} {
		err := filepath.WalkDir("../../internal/"+folder, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, m := range pattern.FindAllStringSubmatch(string(source), -1) {
				r := route{m[1], wildcard.ReplaceAllString(strings.ReplaceAll(m[2], "{room}", room), "x1")}
				if !seen[r] {
					seen[r] = true
					all = append(all, r)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(all) < 80 {
		t.Fatalf("only %d routes were found in the sources", len(all))
	}
	return all
}

// send writes the head of a request and the beginning of its body, and returns what comes back until the connection ends or an
// answer is whole. ended is false when neither happens in time.
func (p *program) send(r route, token, head string, body io.Reader) (status int, text string, ended bool) {
	p.t.Helper()
	conn, err := net.Dial("tcp", p.addr)
	if err != nil {
		p.t.Error(err)
		return 0, "", false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n%s\r\n", r.method, r.path, token, head)
	go func() { _, _ = io.Copy(conn, body) }() // the server may close before all is sent
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil { // closed without an answer, or not at all
		netErr, timeout := err.(net.Error)
		return 0, err.Error(), !(timeout && netErr.Timeout())
	}
	defer res.Body.Close()
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		return res.StatusCode, "", true
	}
	data, err := io.ReadAll(res.Body)
	return res.StatusCode, string(data), err == nil
}

// TestEveryRouteHasLimits sends each route too much, and too slowly.
func TestEveryRouteHasLimits(t *testing.T) {
	p := start(t, "", "--request-time=1s", "--request-max-bytes=64KiB", "--batch-max-bytes=64KiB")
	address, token := p.room("python")
	room, _, _ := strings.Cut(address, "#")
	const most = 64 << 10
	var all sync.WaitGroup
	for _, r := range allRoutes(t, room) {
		if strings.HasSuffix(r.path, "/socket") || r.method == "DELETE" && strings.HasSuffix(r.path, "/"+room) || r.path == "/api/v1/me" && r.method == "DELETE" {
			continue // an upgrade has no body; and the room and its owner are needed by the others
		}
		all.Go(func() {
			long := strings.NewReader(`"` + strings.Repeat("x", 2*most) + `"`)
			status, text, ended := p.send(r, token, fmt.Sprintf("Content-Length: %d\r\n", long.Len()), long)
			if status != http.StatusRequestEntityTooLarge || !strings.Contains(text, `"too_large"`) || !strings.Contains(text, "65536 bytes") || !ended {
				t.Errorf("%v with too large a body: %d %s", r, status, text)
			}
		})
		all.Go(func() {
			// Of a length that is not said. Who does not read a body has nothing against one.
			chunk := fmt.Sprintf("%x\r\n%s\r\n", most, `"`+strings.Repeat("x", most-1))
			status, text, ended := p.send(r, token, "Transfer-Encoding: chunked\r\n", strings.NewReader(strings.Repeat(chunk, 4)+"0\r\n\r\n"))
			if status >= 500 && status != http.StatusServiceUnavailable || !ended {
				t.Errorf("%v with chunks without end: %d %s", r, status, text)
			}
		})
		all.Go(func() {
			began := time.Now()
			status, text, ended := p.send(r, token, "Content-Length: 1000\r\n", strings.NewReader(`{"a":`))
			if !ended || status >= 500 && status != http.StatusServiceUnavailable {
				t.Errorf("%v with a body that does not come: %d %s after %v", r, status, text, time.Since(began))
			}
		})
	}
	all.Wait()
}
