package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"codecollab.dev/internal/store"
	"codecollab.dev/internal/wire"
)

const png = "\x89PNG\r\n\x1a\n0000"

func TestFileKinds(t *testing.T) {
	for name, c := range map[string][2]string{
		"a.png":      {png, "image/png"},
		"a.html":     {png, "image/png"}, // the content decides what the name says
		"b.html":     {"<script>alert(1)</script>", "text/html"},
		"b.txt":      {"<html><script>alert(1)</script>", "text/plain"}, // nobody sniffs a page out of a text
		"b.png":      {"<html>", "text/plain"},
		"c.csv":      {"a,b\n", "text/csv"},
		"c.json":     {"{}", "application/json"},
		"c.svg":      {"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"},
		"d.js":       {"alert(1)", "text/plain"},
		"e":          {"\x00\x01", "application/octet-stream"},
		"f.html":     {"\xff\xfe<\x00", "application/octet-stream"},
		"report.PDF": {"%PDF-1.7\n", "application/pdf"},
	} {
		if got := FileKind(name, []byte(c[0])); got != c[1] {
			t.Errorf("%s: %s, want %s", name, got, c[1])
		}
	}
}

// What a program left is shown, and can do nothing.
func TestFilesOfPrograms(t *testing.T) {
	h := newHouse(t)
	html := "<script>parent.alert(1)</script>"
	err := h.server.opt.Files.(*store.Store).PutFiles(t.Context(), h.room, 7, []store.RunFile{
		{Name: "d/ü.png", Type: "image/png", Data: []byte(png)},
		{Name: "p.html", Type: "text/html", Data: []byte(html)},
		{Name: "x.bin", Type: "application/octet-stream", Data: []byte{0}},
	}, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	base := "/api/v1/rooms/" + h.room + "/runs/7/files/"
	for _, c := range []struct{ path, kind, policy, disposition string }{
		{"d/%C3%BC.png", "image/png", "sandbox; default-src 'none'", "inline"},
		{"p.html", "text/plain; charset=utf-8", "sandbox; default-src 'none'", "inline"},
		{"p.html?frame=1", "text/html; charset=utf-8", "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'", "inline"},
		{"d/%C3%BC.png?frame=1", "image/png", "sandbox; default-src 'none'", "inline"},
		{"x.bin", "application/octet-stream", "sandbox; default-src 'none'", "attachment"},
	} {
		head := h.call(h.client, "GET", base+c.path, "", http.StatusOK, nil)
		if head.Get("Content-Type") != c.kind || head.Get("Content-Security-Policy") != c.policy ||
			!strings.HasPrefix(head.Get("Content-Disposition"), c.disposition) || head.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(head.Get("Cache-Control"), "immutable") || head.Get("ETag") == "" {
			t.Errorf("%s: %v", c.path, head)
		}
	}
	for _, wrong := range []string{"none.png", "", "../files/p.html", "d/"} {
		h.call(h.client, "GET", base+wrong, "", map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[strings.HasPrefix(wrong, "..")], nil)
	}
	h.call(h.client, "GET", "/api/v1/rooms/"+h.room+"/runs/x/files/p.html", "", http.StatusNotFound, nil)
	h.call(h.client, "GET", "/api/v1/rooms/other/runs/7/files/p.html", "", http.StatusNotFound, nil)
}

// Input goes to the run, or its author hears why not; what is too much is no error of a batch.
func TestInput(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.BatchBytes = 1 << 20 })
	s := h.socket(h.client)
	s.say(`{"t":"join","protocol":1,"client":"aaaaaaaa","name":"Ann"}`)
	var heard []wire.Message
	said := func(want string) {
		t.Helper()
		for {
			for len(heard) == 0 {
				heard = s.hear()
			}
			m := heard[0]
			heard = heard[1:]
			switch m := m.(type) {
			case *wire.Error:
				if m.Code != want || m.Seq != 0 || m.Fatal {
					t.Errorf("%+v, want %s", m, want)
				}
				return
			case *wire.Pong:
				if want != "pong" {
					t.Errorf("nothing was said; want %s", want)
				}
				return
			}
		}
	}
	s.say(`{"t":"input","run":6,"data":"x"}` + "\n" + `{"t":"ping"}`)
	said("no_run")
	said("pong")
	s.say(`{"t":"input","run":7,"data":"x"}` + "\n" + `{"t":"ping"}`)
	said("pong")
	s.say(fmt.Sprintf(`{"t":"input","run":7,"data":%q}`, strings.Repeat("x", 64<<10+1)))
	said("input_full")
	s.say(`{"t":"resize","run":7,"rows":3,"cols":3}` + "\n" + `{"t":"ping"}`)
	said("pong")
}
