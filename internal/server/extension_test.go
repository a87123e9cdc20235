package server

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestExtension(t *testing.T) {
	t.Parallel()
	get := func(data []byte, match string) *httptest.ResponseRecorder {
		s := &Server{opt: Options{Extension: data, Log: slog.New(slog.DiscardHandler)}}
		r := httptest.NewRequest(http.MethodGet, "/vscode/codecollab.vsix", nil)
		r.Header.Set("If-None-Match", match)
		w := httptest.NewRecorder()
		s.handle(s.extension()).ServeHTTP(w, r)
		return w
	}
	if w := get(nil, ""); w.Code != http.StatusNotFound {
		t.Errorf("without an extension: %d", w.Code)
	}
	w := get([]byte("PK zip"), "")
	if w.Code != http.StatusOK || w.Body.String() != "PK zip" || w.Header().Get("Content-Disposition") != `attachment; filename="codecollab.vsix"` {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
	if again := get([]byte("PK zip"), w.Header().Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("again: %d", again.Code)
	}
}
