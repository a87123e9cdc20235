package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
	"unicode/utf8"
)

// What a browser may do with a file that a program left: show it, and nothing else. In a frame, HTML may be styled and have the
// images that it brings along.
const (
	filePolicy  = "sandbox; default-src 'none'"
	framePolicy = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
)

// runFile serves a file that a program left. It is never a page of ours: HTML comes as text unless a frame asks for it.
func (s *Server) runFile(w http.ResponseWriter, r *http.Request) error {
	run, err := runOf(r)
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	kind, data, err := s.opt.Files.File(r.Context(), r.PathValue("room"), run, name)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", filePolicy)
	if isHTML(kind) && r.URL.Query().Get("frame") == "1" {
		h.Set("Content-Security-Policy", framePolicy)
	} else if isHTML(kind) {
		kind = "text/plain"
	}
	disposition := "inline"
	if kind == unknownKind {
		disposition = "attachment"
	}
	if strings.HasPrefix(kind, "text/") {
		kind += "; charset=utf-8"
	}
	sum := sha256.Sum256(data)
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": path.Base(name)}))
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	return nil
}

func isHTML(kind string) bool { return kind == "text/html" }

const unknownKind = "application/octet-stream"

// textKinds are the types of text that more than a reader can make something of.
var textKinds = map[string]string{
	".csv": "text/csv", ".tsv": "text/tab-separated-values", ".html": "text/html", ".htm": "text/html",
	".json": "application/json", ".md": "text/markdown",
}

// FileKind says what a file is, by its content and then by its name: one of a few MIME types that a browser can do no harm
// with, "text/html", or application/octet-stream.
func FileKind(name string, data []byte) string {
	switch sniffed := http.DetectContentType(data); sniffed {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "application/pdf":
		return sniffed
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return unknownKind
	}
	ext := strings.ToLower(path.Ext(name))
	if ext == ".svg" && bytes.Contains(data, []byte("<svg")) {
		return "image/svg+xml"
	}
	if kind, ok := textKinds[ext]; ok {
		return kind
	}
	return "text/plain"
}
