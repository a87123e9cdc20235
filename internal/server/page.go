package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// page serves the built page from memory, compressed once at start. Names under assets/ carry a hash of their content,
// so browsers may keep them for ever; every other path is a place within the page.
type page struct {
	files map[string]asset
}

type asset struct {
	kind    string // Content-Type
	plain   []byte
	gzipped []byte // nil where it does not help
	etag    string
}

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>CodeCollab</title>
<p>This binary was built without its page. Build it with <code>make build</code>.</p></html>
`

func newPage(root fs.FS) (*page, error) {
	p := &page{files: map[string]asset{}}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if err == nil {
			p.files[name], err = newAsset(name, data)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("server: the page: %w", err)
	}
	if _, ok := p.files["index.html"]; !ok {
		p.files["index.html"], err = newAsset("index.html", []byte(notBuilt))
	}
	return p, err
}

func newAsset(name string, data []byte) (asset, error) {
	sum := sha256.Sum256(data)
	a := asset{kind: mime.TypeByExtension(path.Ext(name)), plain: data, etag: `"` + hex.EncodeToString(sum[:8]) + `"`}
	if a.kind == "" {
		a.kind = "application/octet-stream"
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return asset{}, err
	}
	if _, err := z.Write(data); err != nil {
		return asset{}, err
	}
	if err := z.Close(); err != nil {
		return asset{}, err
	}
	if b.Len() < len(data)*9/10 {
		a.gzipped = b.Bytes()
	}
	return a, nil
}

// ServeHTTP implements http.Handler.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	a, ok := p.files[name]
	h := w.Header()
	switch {
	case ok && strings.HasPrefix(name, "assets/"):
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	case !ok && path.Ext(name) != "" && !strings.HasPrefix(name, "r/"):
		http.NotFound(w, r)
		return
	default:
		if !ok {
			a = p.files["index.html"]
		}
		h.Set("Cache-Control", "no-cache")
	}
	a.serve(w, r)
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("ETag", a.etag)
	h.Add("Vary", "Accept-Encoding")
	h.Set("Content-Type", a.kind)
	if r.Header.Get("If-None-Match") == a.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if a.gzipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.gzipped
	}
	_, _ = w.Write(body) // the browser has gone: nobody is left to tell
}
