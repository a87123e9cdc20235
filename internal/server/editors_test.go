package server

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEditorOrigins(t *testing.T) {
	t.Parallel()
	e, err := NewEditors(" https://vscode.dev, https://*.vscode-cdn.net,http://127.0.0.1:8443 ,")
	if err != nil {
		t.Fatal(err)
	}
	for origin, want := range map[string]bool{
		"https://vscode.dev": true, "https://a--b.vscode-cdn.net": true, "http://127.0.0.1:8443": true, "https://x.y.vscode-cdn.net": true,
		"": false, "null": false, "http://vscode.dev": false, "https://vscode.dev.evil.org": false, "https://evilvscode-cdn.net": false, "https://vscode-cdn.net": false,
		"http://a.vscode-cdn.net": false, "https://evil.org/.vscode-cdn.net:1": false, "https://a.vscode-cdn.net:8443": false, "http://127.0.0.1": false, "https://insiders.vscode.dev": false,
	} {
		if got := e.has(origin); got != want {
			t.Errorf("%q is let in: %v", origin, got)
		}
	}
	for _, bad := range []string{"*", "https://*", "https://*.net", "vscode.dev", "https://vscode.dev/", "https://vscode.dev/x", "ftp://vscode.dev", "https://a.*.dev", "null", "https://u:p@vscode.dev", "https://vscode.dev?x"} {
		if _, err := NewEditors(bad); err == nil {
			t.Errorf("%q is an origin", bad)
		}
	}
}

const editor = "https://vscode.dev"

// editorHouse is a house where one editor may come in.
func editorHouse(t *testing.T) *house {
	t.Helper()
	e, err := NewEditors(editor)
	if err != nil {
		t.Fatal(err)
	}
	return newHouse(t, func(o *Options) { o.Editors = e })
}

// from asks as a page of an origin does.
func (h *house) from(origin, method, path, body string, header ...string) *http.Response {
	h.t.Helper()
	r, err := http.NewRequest(method, h.http.URL+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Origin", origin)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { resp.Body.Close() })
	return resp
}

func TestAnEditorOfAnotherOriginComesWithATokenAlone(t *testing.T) {
	h := editorHouse(t)
	asks := []string{"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization"}
	resp := h.from(editor, "OPTIONS", "/api/v1/rooms", "", asks...)
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": editor, "Access-Control-Allow-Headers": editorHeaders, "Access-Control-Allow-Methods": editorMethods,
		"Access-Control-Allow-Credentials": "", "Vary": "Origin",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if resp.StatusCode != http.StatusNoContent {
		t.Errorf("the question before is answered with %d", resp.StatusCode)
	}
	guest := h.from(editor, "POST", "/api/v1/auth/guest", "")
	var got struct{ Token string }
	decode(t, guest, &got)
	if guest.StatusCode != http.StatusCreated || got.Token == "" || guest.Header.Get("Set-Cookie") != "" {
		t.Fatalf("a guest: %d %v", guest.StatusCode, guest.Header)
	}
	made := h.from(editor, "POST", "/api/v1/rooms", "{}", "Authorization", "Bearer "+got.Token, "Content-Type", "application/json")
	if made.StatusCode != http.StatusCreated || made.Header.Get("Access-Control-Allow-Origin") != editor {
		t.Errorf("a room: %d %v", made.StatusCode, made.Header)
	}
}

func TestACookieCountsForNoEditorOfAnotherOrigin(t *testing.T) {
	h := editorHouse(t)
	h.register(h.client, "ann@example.org")
	cookie := "codecollab=" + h.cookie(h.client)
	var me struct {
		Account *struct{ ID string }
	}
	decode(t, h.from(editor, "GET", "/api/v1/me", "", "Cookie", cookie), &me)
	if me.Account != nil {
		t.Error("the cookie of a person counts for a page of another origin")
	}
	if resp := h.from(editor, "POST", "/api/v1/auth/signout", "{}", "Cookie", cookie); resp.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Error("browsers are told to send cookies")
	}
	// The session still is.
	h.call(h.client, "GET", "/api/v1/me/sessions", "", http.StatusOK, nil)
	// Our own page keeps its cookie even where the setting names it.
	own, err := NewEditors(h.http.URL)
	if err != nil {
		t.Fatal(err)
	}
	seen := ""
	note := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.Header.Get("Cookie") })
	r := httptest.NewRequest("GET", h.http.URL+"/api/v1/me", nil)
	r.Header.Set("Origin", h.http.URL)
	r.Header.Set("Cookie", cookie)
	own.handler(note, http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), r)
	if seen != cookie {
		t.Error("our own page lost its cookie")
	}
}

func TestOtherOriginsStayOutside(t *testing.T) {
	h := editorHouse(t)
	for _, origin := range []string{"https://evil.example", "null", "http://vscode.dev"} {
		for _, method := range []string{"OPTIONS", "GET", "POST"} {
			resp := h.from(origin, method, "/api/v1/auth/guest", "", "Access-Control-Request-Method", "POST")
			if resp.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s may read the answer to %s", origin, method)
			}
			if method == "POST" && resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s may post: %d", origin, resp.StatusCode)
			}
		}
	}
	for _, path := range []string{"/", "/healthz", "/preview", "/scim/v2/x/Users", "/auth/saml/x/acs"} {
		if h.from(editor, "GET", path, "").Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("an editor may read %s", path)
		}
	}
	if resp := newHouse(t).from(editor, "GET", "/api/v1/me", ""); resp.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("without the setting somebody is let in")
	}
}

func TestTheExtensionUnpacked(t *testing.T) {
	var vsix bytes.Buffer
	z := zip.NewWriter(&vsix)
	for name, text := range map[string]string{"extension/package.json": `{"name":"codecollab"}`, "extension/out/web.js": "web()", "[Content_Types].xml": "<x/>"} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	e, _ := NewEditors(editor)
	h := newHouse(t, func(o *Options) { o.Editors, o.Extension = e, vsix.Bytes() })
	for path, want := range map[string]int{"package.json": 200, "out/web.js": 200, "out/none.js": 404, "[Content_Types].xml": 404, "": 404} {
		resp := h.from(editor, "GET", "/vscode/web/"+path, "")
		if resp.StatusCode != want || resp.Header.Get("Access-Control-Allow-Origin") != editor {
			t.Errorf("%s: %d %v", path, resp.StatusCode, resp.Header)
		}
	}
	if status, code := newHouse(t).status(newPerson(t), "GET", "/vscode/web/package.json", ""); status != 404 || code != "no_extension" {
		t.Errorf("without an extension: %d %s", status, code)
	}
}

func decode(t *testing.T, resp *http.Response, into any) {
	t.Helper()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}
