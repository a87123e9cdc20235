package server

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/wire"
)

// program is a program that acts with a token.
func program(token string) *http.Client { return &http.Client{Transport: bearer(token)} }

func (h *house) makeToken(scopes string) (token, id string) {
	h.t.Helper()
	var made struct{ Token, ID string }
	h.call(h.client, "POST", "/api/v1/me/tokens", `{"name":"script","scopes":`+scopes+`,"days":1}`, http.StatusCreated, &made)
	return made.Token, made.ID
}

// status asks as a browser or a program that follows no redirects, and gives the status and the code of the error.
func (h *house) status(c *http.Client, method, path, body string) (int, string) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.http.URL+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	var e struct{ Code string }
	_ = json.NewDecoder(resp.Body).Decode(&e)
	return resp.StatusCode, e.Code
}

// What each scope opens, over every route that is about rooms; whatever is not in this table must be closed to all tokens.
func TestTheScopesOfTokens(t *testing.T) {
	routes := []struct{ method, path, body, scope string }{
		{"GET", "/api/v1/me", "", "any"},
		{"GET", "/api/v1/me/rooms", "", "read"},
		{"DELETE", "/api/v1/me/rooms/ROOM", "", "rooms"},
		{"POST", "/api/v1/rooms", "{}", "rooms"},
		{"GET", "/api/v1/rooms/ROOM", "", "read"},
		{"GET", "/api/v1/rooms/ROOM/links", "", "rooms"},
		{"POST", "/api/v1/rooms/ROOM/links/viewer", "", "rooms"},
		{"DELETE", "/api/v1/rooms/ROOM/links/viewer", "", "rooms"},
		{"PUT", "/api/v1/rooms/ROOM/lock", `{"locked":false}`, "rooms"},
		{"PUT", "/api/v1/rooms/ROOM/access", `{"closed":true}`, "rooms"},
		{"PUT", "/api/v1/rooms/ROOM/members/pnobody", `{"role":"viewer"}`, "rooms"},
		{"GET", "/api/v1/rooms/ROOM/chat", "", "read"},
		{"GET", "/api/v1/rooms/ROOM/runs", "", "read"},
		{"GET", "/api/v1/rooms/ROOM/runs/99", "", "read"},
		{"GET", "/api/v1/rooms/ROOM/runs/99/files/a", "", "read"},
		{"POST", "/api/v1/rooms/ROOM/format", `{"language":"python","content":"x"}`, "rooms"},
		{"GET", "/api/v1/rooms/ROOM/history", "", "read"},
		{"GET", "/api/v1/rooms/ROOM/history/state?version=1", "", "read"},
		{"GET", "/api/v1/rooms/ROOM/history/blame?version=1&file=nonesuch", "", "read"},
		{"GET", "/api/v1/rooms/ROOM/history/events?from=1&to=2", "", "read"},
		{"GET", "/api/v1/rooms/ROOM/hints/log", "", "rooms"},
		{"POST", "/api/v1/rooms/ROOM/hints/x/vote", "{}", "rooms"},
		{"GET", "/api/v1/rooms/ROOM/hints", "", "read"},
		{"POST", "/api/v1/rooms/ROOM/hints", "{}", "rooms"},
		{"PUT", "/api/v1/me", "{}", ""},
		{"PUT", "/api/v1/me/password", "{}", ""},
		{"GET", "/api/v1/me/sessions", "", ""},
		{"DELETE", "/api/v1/me/sessions/x", "", ""},
		{"GET", "/api/v1/me/tokens", "", ""},
		{"POST", "/api/v1/me/tokens", `{"name":"x","scopes":["rooms"]}`, ""},
		{"DELETE", "/api/v1/me/tokens/x", "", ""},
		{"POST", "/api/v1/auth/device", `{"code":"BBBB-BBBB"}`, ""},
		{"POST", "/api/v1/auth/device/answer", `{"code":"BBBB-BBBB"}`, ""},
		{"POST", "/api/v1/auth/authorize", "{}", ""},
		{"POST", "/api/v1/auth/authorize/answer", "{}", ""},
		{"POST", "/api/v1/admin/people/x/reset", "", ""},
		{"DELETE", "/api/v1/rooms/ROOM", "", "rooms"}, // the last: it works
	}
	opens := func(scope, needs string) bool {
		return needs == "any" || needs == scope || needs == "read" && scope == "rooms"
	}
	for _, scope := range []string{"read", "run", "rooms"} {
		t.Run(scope, func(t *testing.T) {
			h := newHouse(t, withHints())
			h.register(h.client, "ann@example.org")
			h.room, h.keys = h.newRoom()
			token, _ := h.makeToken(fmt.Sprintf("[%q]", scope))
			c := program(token)
			for _, r := range routes {
				path := strings.ReplaceAll(r.path, "ROOM", h.room)
				if status, code := h.status(c, r.method, path, r.body); (code != "no_scope") != opens(scope, r.scope) || status == http.StatusUnauthorized {
					t.Errorf("%s %s with the scope %s: %d %s", r.method, path, scope, status, code)
				}
			}
		})
	}
}

// A route of the door or of the server that the table above does not know is closed to tokens of every scope, as long as it is not one
// for everybody.
func TestOtherRoutesAreClosedToTokens(t *testing.T) {
	known := regexp.MustCompile(`^(GET /api/v1/me|PUT /api/v1/me|\w+ /api/v1/me/(rooms|sessions|tokens|password).*|\w+ /api/v1/rooms.*|\w+ /api/v1/(auth|languages)\b.*|\w+ /scim/.*)$`)
	h := newHouse(t)
	h.register(h.client, "ann@example.org")
	token, _ := h.makeToken(`["rooms","read","run"]`)
	c, found := program(token), 0
	for _, route := range sourceRoutes(t) {
		if known.MatchString(route) {
			continue
		}
		found++
		method, path, _ := strings.Cut(route, " ")
		path = regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, "x")
		if status, code := h.status(c, method, path, "{}"); code != "no_scope" && code != "no_endpoint" {
			t.Errorf("%s answers a token with %d %s: use gate.account, or put it into the table of scopes", route, status, code)
		}
	}
	if found == 0 {
		t.Error("no routes were found")
	}
}

// sourceRoutes are the patterns of the API that the door and the server have in their sources.
func sourceRoutes(t *testing.T) (routes []string) {
	t.Helper()
	pattern := regexp.MustCompile(`"([A-Z]+ /(?:api/v1|scim)/[^"]*)"`)
	for _, glob := range []string{"*.go", "../gate/*.go"} {
		files, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			source, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range pattern.FindAllStringSubmatch(string(source), -1) {
				routes = append(routes, m[1])
			}
		}
	}
	return routes
}

// On a connection the scope counts for each message.
func TestTheScopesOfTokensOnConnections(t *testing.T) {
	for name, open := range ways() {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.register(h.client, "ann@example.org")
			h.room, h.keys = h.newRoom()
			for scopes, may := range map[string]struct{ join, edit, run bool }{
				`["read"]`: {true, false, false}, `["rooms"]`: {true, true, false}, `["run"]`: {false, false, false}, `["read","run"]`: {true, false, true},
			} {
				token, _ := h.makeToken(scopes)
				c := open(h, program(token))
				if !may.join {
					waitError(t, c, "no_scope")
					continue
				}
				c.say(joinAs("client"+strings.Trim(strings.Map(letters, scopes), " ")+"aa", ""))
				j := wait(t, c, func(*wire.Joined) bool { return true })
				c.say(fmt.Sprintf(`{"t":"batch","seq":1,"base":%d,"body":{"kind":"chat","text":"x"}}`, j.Version))
				if may.edit {
					wait(t, c, func(e *wire.Event) bool { return e.Seq == 1 && e.Body.Kind() == "chat" })
				} else {
					waitError(t, c, "no_scope")
				}
				c.say(`{"t":"stop","run":99}`)
				want := "no_scope"
				if may.run {
					want = "no_run"
				}
				waitError(t, c, want)
			}
		})
	}
}

func letters(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}

// A token that only looks does not make its person a member by a link.
func TestALookingTokenTakesNoLink(t *testing.T) {
	h := newHouse(t)
	ann := newPerson(t)
	h.register(ann, "ann@example.org")
	owner := h.client
	h.client = ann
	token, _ := h.makeToken(`["read"]`)
	writing, _ := h.makeToken(`["rooms"]`)
	h.client = owner
	c := h.socket(program(token))
	c.say(joinAs("aaaaaaaa", h.keys["editor"]))
	waitError(t, c, "no_access")
	c = h.socket(program(writing))
	c.say(joinAs("aaaaaaaa", h.keys["editor"]))
	wait(t, c, func(j *wire.Joined) bool { return j.Role == "editor" })
}

func TestTokensEnd(t *testing.T) {
	h := newHouse(t)
	h.register(h.client, "ann@example.org")
	h.room, h.keys = h.newRoom()
	token, id := h.makeToken(`["rooms"]`)
	c := h.socket(program(token))
	c.say(joinAs("aaaaaaaa", ""))
	wait(t, c, func(*wire.Joined) bool { return true })
	var list struct {
		Tokens []struct {
			ID, Name string
			Scopes   []string
		}
	}
	h.call(h.client, "GET", "/api/v1/me/tokens", "", 200, &list)
	if len(list.Tokens) != 1 || list.Tokens[0].ID != id || list.Tokens[0].Name != "script" {
		t.Errorf("%+v", list)
	}
	// A token is not signed in: it goes on when its person signs out, and ends when it is taken back.
	h.call(h.client, "POST", "/api/v1/auth/signout", `{"everywhere":true}`, http.StatusNoContent, nil)
	c.say(`{"t":"ping"}`)
	wait(t, c, func(*wire.Pong) bool { return true })
	h.signIn(h.client, "ann@example.org", testPassword, http.StatusNoContent)
	h.call(h.client, "DELETE", "/api/v1/me/tokens/"+id, "", http.StatusNoContent, nil)
	waitSignedOut(t, c)
	if status, code := h.status(program(token), "GET", "/api/v1/me", ""); status != 401 || code != "signed_out" {
		t.Errorf("%d %s", status, code)
	}
	h.call(h.client, "DELETE", "/api/v1/me/tokens/"+id, "", http.StatusNotFound, nil)

	for range 5 {
		token, _ = h.makeToken(`["read"]`)
	}
	h.call(h.client, "POST", "/api/v1/me/tokens", `{"name":"x","scopes":["read"]}`, http.StatusTooManyRequests, nil)
	for _, bad := range []string{`[]`, `["admin"]`, `["rooms","*"]`} {
		h.call(h.client, "POST", "/api/v1/me/tokens", `{"name":"x","scopes":`+bad+`}`, http.StatusBadRequest, nil)
	}
	h.door.wait(25 * time.Hour)
	if status, _ := h.status(program(token), "GET", "/api/v1/me", ""); status != 401 {
		t.Errorf("a token that is too old: %d", status)
	}
}

// post sends a form as programs do, and gives the answer.
func (h *house) post(path string, form url.Values, want int) map[string]any {
	h.t.Helper()
	resp, err := http.PostForm(h.http.URL+path, form)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	out := map[string]any{}
	_ = json.NewDecoder(resp.Body).Decode(&out)
	if resp.StatusCode != want || resp.Header.Get("Cache-Control") != "no-store" && path == "/oauth/token" {
		h.t.Fatalf("POST %s: %s %v, want %d", path, resp.Status, out, want)
	}
	return out
}

func TestTheDeviceFlow(t *testing.T) {
	h := newHouse(t)
	h.register(h.client, "ann@example.org")
	h.post("/oauth/device_authorization", url.Values{"client_id": {"evil"}}, 400)
	h.post("/oauth/device_authorization", url.Values{"client_id": {"cli"}, "scope": {"rooms admin"}}, 400)
	begin := func() (device, user string) {
		begun := h.post("/oauth/device_authorization", url.Values{"client_id": {"vscode"}, "scope": {"rooms run"}}, 200)
		if begun["interval"] != 5.0 || begun["verification_uri"] != h.http.URL+"/device" || begun["verification_uri_complete"] != h.http.URL+"/device?code="+begun["user_code"].(string) {
			t.Errorf("%v", begun)
		}
		return begun["device_code"].(string), begun["user_code"].(string)
	}
	poll := func(device, client string, want int) map[string]any {
		t.Helper()
		return h.post("/oauth/token", url.Values{"grant_type": {grantDevice}, "client_id": {client}, "device_code": {device}}, want)
	}
	wantError := func(got map[string]any, want string) {
		t.Helper()
		if got["error"] != want {
			t.Errorf("%v, want %s", got, want)
		}
	}
	device, user := begin()
	wantError(poll(device, "vscode", 400), "authorization_pending")
	wantError(poll(device, "vscode", 400), "slow_down")
	typed := strings.ToLower(strings.ReplaceAll(user, "-", " "))
	h.call(newPerson(t), "POST", "/api/v1/auth/device", fmt.Sprintf(`{"code":%q}`, typed), http.StatusUnauthorized, nil)
	h.call(h.client, "POST", "/api/v1/auth/device", `{"code":"BBBB-BBBB"}`, http.StatusNotFound, nil)
	var ask struct {
		Client, Address string
		Scopes          []string
	}
	h.call(h.client, "POST", "/api/v1/auth/device", fmt.Sprintf(`{"code":%q}`, typed), 200, &ask)
	if ask.Client != "CodeCollab for VS Code" || ask.Address != "127.0.0.1" || len(ask.Scopes) != 2 {
		t.Errorf("%+v", ask)
	}
	h.call(h.client, "POST", "/api/v1/auth/device/answer", fmt.Sprintf(`{"code":%q,"allow":true}`, user), http.StatusNoContent, nil)
	h.call(newPerson(t), "POST", "/api/v1/auth/device/answer", fmt.Sprintf(`{"code":%q,"allow":true}`, user), http.StatusUnauthorized, nil)
	h.call(h.client, "POST", "/api/v1/auth/device/answer", fmt.Sprintf(`{"code":%q,"allow":false}`, user), http.StatusNotFound, nil)
	h.door.wait(6 * time.Second)
	wantError(poll(device, "cli", 400), "expired_token") // another program's
	h.door.wait(6 * time.Second)
	granted := poll(device, "vscode", 200)
	if granted["token_type"] != "Bearer" || granted["scope"] != "rooms run" || granted["expires_in"] != 12*3600.0 {
		t.Errorf("%v", granted)
	}
	token := granted["access_token"].(string)
	if who := h.personOf(program(token)); who != h.personOf(h.client) {
		t.Errorf("the token is of %s", who)
	}
	h.door.wait(6 * time.Second)
	wantError(poll(device, "vscode", 400), "expired_token")

	device, user = begin()
	h.call(h.client, "POST", "/api/v1/auth/device/answer", fmt.Sprintf(`{"code":%q,"allow":false}`, user), http.StatusNoContent, nil)
	wantError(poll(device, "vscode", 400), "access_denied")

	device, user = begin()
	h.door.wait(16 * time.Minute)
	wantError(poll(device, "vscode", 400), "expired_token")
	h.call(h.client, "POST", "/api/v1/auth/device", fmt.Sprintf(`{"code":%q}`, user), http.StatusNotFound, nil)

	h.post("/oauth/revoke", url.Values{"token": {token}}, 200)
	h.post("/oauth/revoke", url.Values{"token": {token}}, 200)
	if status, _ := h.status(program(token), "GET", "/api/v1/me", ""); status != 401 {
		t.Errorf("a revoked token: %d", status)
	}
}

func TestTheWayThroughTheBrowser(t *testing.T) {
	h := newHouse(t)
	h.register(h.client, "ann@example.org")
	h.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	verifier := strings.Repeat("v", 43)
	sum := sha256.Sum256([]byte(verifier))
	good := url.Values{
		"client_id": {"vscode"}, "response_type": {"code"}, "redirect_uri": {"http://127.0.0.1:4711/done?x=1"}, "state": {"st&te"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	authorize := func(change ...string) url.Values {
		t.Helper()
		q := url.Values{}
		for k, v := range good {
			q[k] = v
		}
		for i := 0; i < len(change); i += 2 {
			q.Set(change[i], change[i+1])
		}
		header := h.call(h.client, "GET", "/oauth/authorize?"+q.Encode(), "", http.StatusSeeOther, nil)
		to, err := url.Parse(header.Get("Location"))
		if err != nil || to.Path != "/authorize" || to.Host != "" {
			t.Fatalf("the browser is sent to %q", header.Get("Location"))
		}
		return to.Query()
	}
	for _, bad := range [][3]string{
		{"client_id", "evil", "invalid_client"}, {"response_type", "token", "unsupported_response_type"}, {"code_challenge_method", "plain", "invalid_request"},
		{"code_challenge", "short", "invalid_request"}, {"scope", "admin", "invalid_scope"},
		{"redirect_uri", "https://evil.example.org/", "invalid_redirect"}, {"redirect_uri", "http://localhost:1/", "invalid_redirect"},
		{"redirect_uri", "http://127.0.0.1.evil.example.org:1/", "invalid_redirect"}, {"redirect_uri", "http://127.0.0.1/", "invalid_redirect"},
		{"redirect_uri", "javascript:alert(1)//127.0.0.1:1", "invalid_redirect"}, {"redirect_uri", "http://u@127.0.0.1:1/", "invalid_redirect"},
		{"redirect_uri", "", "invalid_redirect"},
	} {
		if q := authorize(bad[0], bad[1]); q.Get("problem") != bad[2] || q.Get("request") != "" {
			t.Errorf("%s=%s: %v, want %s", bad[0], bad[1], q, bad[2])
		}
	}
	consent := func(allow bool) url.Values {
		t.Helper()
		ticket := authorize().Get("request")
		body := fmt.Sprintf(`{"request":%q,"allow":%v}`, ticket, allow)
		h.call(h.client, "POST", "/api/v1/auth/authorize", body, 200, nil)
		h.call(newPerson(t), "POST", "/api/v1/auth/authorize/answer", body, http.StatusUnauthorized, nil)
		var out struct{ To string }
		h.call(h.client, "POST", "/api/v1/auth/authorize/answer", body, 200, &out)
		h.call(h.client, "POST", "/api/v1/auth/authorize/answer", body, http.StatusNotFound, nil)
		to, err := url.Parse(out.To)
		if err != nil || to.Host != "127.0.0.1:4711" || to.Path != "/done" || to.Query().Get("x") != "1" || to.Query().Get("state") != "st&te" || to.Query().Get("iss") != h.http.URL {
			t.Errorf("back to %q", out.To)
		}
		return to.Query()
	}
	if q := consent(false); q.Get("error") != "access_denied" || q.Get("code") != "" {
		t.Errorf("%v", q)
	}
	redeem := func(code string, want int, change ...string) map[string]any {
		t.Helper()
		form := url.Values{"grant_type": {"authorization_code"}, "client_id": {"vscode"}, "code": {code}, "redirect_uri": good["redirect_uri"], "code_verifier": {verifier}}
		for i := 0; i < len(change); i += 2 {
			form.Set(change[i], change[i+1])
		}
		return h.post("/oauth/token", form, want)
	}
	for _, bad := range [][2]string{{"client_id", "cli"}, {"redirect_uri", "http://127.0.0.1:4712/done?x=1"}, {"code_verifier", strings.Repeat("w", 43)}, {"grant_type", "password"}} {
		code := consent(true).Get("code")
		redeem(code, 400, bad[0], bad[1])
		if bad[0] != "grant_type" { // the code is used up: nobody tries twice
			redeem(code, 400)
		}
	}
	code := consent(true).Get("code")
	granted := redeem(code, 200)
	if who := h.personOf(program(granted["access_token"].(string))); who != h.personOf(h.client) {
		t.Errorf("the token is of %s", who)
	}
	redeem(code, 400)
	code = consent(true).Get("code")
	h.door.wait(2 * time.Minute)
	redeem(code, 400)
}

const grantDevice = "urn:ietf:params:oauth:grant-type:device_code"
