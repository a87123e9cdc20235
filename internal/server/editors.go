package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Editors are the origins of editors that run in browsers, like VS Code for the Web, and may reach the API from there. They come as
// other programs do: with a token in a header. A cookie never counts for them, and no answer of ours lets their pages use one.
type Editors struct {
	names    []string // whole origins
	families []family // all hosts below one
}

type family struct{ scheme, suffix string }

// NewEditors reads origins with commas between, like "https://vscode.dev, https://*.vscode-cdn.net".
func NewEditors(text string) (Editors, error) {
	var e Editors
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		u, err := url.Parse(part)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Scheme+"://"+u.Host != part {
			return Editors{}, fmt.Errorf("editor-origins has %q, but an origin is like https://vscode.dev or https://*.vscode-cdn.net, without a path", part)
		}
		below, ok := strings.CutPrefix(u.Host, "*.")
		switch {
		case strings.Contains(below, "*") || ok && !strings.Contains(below, "."):
			return Editors{}, fmt.Errorf("editor-origins has %q, but a star stands for what is before a host of two names or more, like https://*.vscode-cdn.net", part)
		case ok:
			e.families = append(e.families, family{u.Scheme, "." + strings.ToLower(below)})
		default:
			e.names = append(e.names, strings.ToLower(part))
		}
	}
	return e, nil
}

// has reports whether an origin is one of theirs.
func (e Editors) has(origin string) bool {
	if slices.Contains(e.names, origin) {
		return true
	}
	scheme, host, _ := strings.Cut(origin, "://")
	return slices.ContainsFunc(e.families, func(f family) bool { return f.scheme == scheme && strings.HasSuffix(host, f.suffix) })
}

const (
	editorMethods = "GET, POST, PUT, DELETE"
	editorHeaders = "Authorization, Content-Type, X-Room-Key"
	// editorAgain is for how many seconds a browser need not ask again, the most that browsers take.
	editorAgain = "7200"
)

// forEditors are the places that editors may reach: what a token is for, how one is got, and the extension itself.
func forEditors(path string) bool {
	for _, place := range []string{"/api/v1/", "/oauth/", "/vscode/web/"} {
		if strings.HasPrefix(path, place) {
			return true
		}
	}
	return false
}

// handler answers editors (Fetch, 3.2) with open, without their cookies, and everybody else with guarded, which refuses what pages of
// other origins send.
func (e Editors) handler(guarded, open http.Handler) http.Handler {
	if len(e.names)+len(e.families) == 0 {
		return guarded
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !forEditors(r.URL.Path) {
			guarded.ServeHTTP(w, r)
			return
		}
		h := w.Header()
		h.Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		// Our own page is none of them, whatever the setting says: it comes with its cookie.
		if _, host, _ := strings.Cut(origin, "://"); host == r.Host || !e.has(origin) {
			guarded.ServeHTTP(w, r)
			return
		}
		h.Set("Access-Control-Allow-Origin", origin)
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			h.Set("Access-Control-Allow-Methods", editorMethods)
			h.Set("Access-Control-Allow-Headers", editorHeaders)
			h.Set("Access-Control-Max-Age", editorAgain)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		h.Set("Access-Control-Expose-Headers", "Retry-After")
		own := r.Clone(r.Context())
		own.Header.Del("Cookie")
		open.ServeHTTP(w, own)
	})
}
