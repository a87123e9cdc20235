package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"codecollab.dev/internal/auth"
)

// realProvider is the npm package oidc-provider, which others wrote, on loopback.
type realProvider struct {
	t      *testing.T
	issuer string
	in     io.WriteCloser
	out    *bufio.Scanner
}

// needSSO skips what "make test-sso" runs: it fetches the providers first.
func needSSO(t *testing.T) {
	t.Helper()
	if os.Getenv("CODECOLLAB_TEST_SSO") == "" {
		t.Skip("identity providers that others wrote are tried by make test-sso")
	}
}

func startRealProvider(t *testing.T) *realProvider {
	t.Helper()
	cmd := exec.Command("node", "provider.js")
	cmd.Dir = "../../test/oidc-provider"
	cmd.Stderr = t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	p := &realProvider{t: t, in: in, out: bufio.NewScanner(out)}
	p.issuer = p.line()
	return p
}

func (p *realProvider) line() string {
	p.t.Helper()
	if !p.out.Scan() {
		p.t.Fatalf("the provider ended: %v", p.out.Err())
	}
	return p.out.Text()
}

// know tells the provider its clients, and waits until it serves them.
func (p *realProvider) know(clients ...map[string]any) {
	p.t.Helper()
	raw, err := json.Marshal(clients)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.in.Write(append(raw, '\n')); err != nil {
		p.t.Fatal(err)
	}
	if said := p.line(); said != "ready" {
		p.t.Fatalf("the provider says %q", said)
	}
}

// browser is a browser without scripts: it follows redirections, keeps cookies, and fills in forms.
type browser struct {
	*http.Client
	t    *testing.T
	at   *url.URL
	page string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{Client: &http.Client{Jar: jar, Timeout: patience}, t: t}
}

func (b *browser) open(address string) {
	b.t.Helper()
	answer, err := b.Get(address)
	b.read(answer, err)
}

func (b *browser) read(answer *http.Response, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.at, b.page = answer.Request.URL, string(text)
	if answer.StatusCode >= 400 {
		b.t.Fatalf("%s answered %s: %s", b.at, answer.Status, b.page)
	}
}

var (
	formAction = regexp.MustCompile(`(?s)<form[^>]*action="([^"]*)"`)
	formField  = regexp.MustCompile(`<input[^>]*name="([^"]*)"[^>]*>`)
	fieldValue = regexp.MustCompile(`value="([^"]*)"`)
)

// submit sends the page's form, with these values beside those that are filled in.
func (b *browser) submit(values url.Values) {
	b.t.Helper()
	action := formAction.FindStringSubmatch(b.page)
	if action == nil {
		b.t.Fatalf("no form at %s: %s", b.at, b.page)
	}
	to, err := b.at.Parse(html.UnescapeString(action[1]))
	if err != nil {
		b.t.Fatal(err)
	}
	form := url.Values{}
	for _, f := range formField.FindAllStringSubmatch(b.page, -1) {
		if v := fieldValue.FindStringSubmatch(f[0]); v != nil {
			form.Set(html.UnescapeString(f[1]), html.UnescapeString(v[1]))
		}
	}
	for name := range values {
		form.Set(name, values.Get(name))
	}
	answer, err := b.PostForm(to.String(), form)
	b.read(answer, err)
}

// call sends JSON to the API, and reads the answer into out.
func (b *browser) call(method, address string, in, out any) {
	b.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	if answer.StatusCode >= 300 {
		b.t.Fatalf("%s %s: %s %s", method, address, answer.Status, text)
	}
	if out != nil && len(text) > 0 {
		if err := json.Unmarshal(text, out); err != nil {
			b.t.Fatalf("%s %s: %s: %v", method, address, text, err)
		}
	}
}

// whoami is what GET /api/v1/me says.
type whoami struct {
	Account *auth.Account
	Orgs    []struct{ ID, Role string }
	Via     string
}

func (b *browser) me(origin string) (me whoami) {
	b.t.Helper()
	b.call("GET", origin+"/api/v1/me", nil, &me)
	return me
}

// logIn signs in at the provider's own pages, and agrees to all that it asks.
func (b *browser) logIn(name string) {
	b.t.Helper()
	b.submit(url.Values{"login": {name}, "password": {"any"}})
	if strings.Contains(b.page, `value="consent"`) {
		b.submit(nil)
	}
}

// becomeAdmin takes the link that the program printed, as the first administrator.
func becomeAdmin(t *testing.T, p *program) *browser {
	t.Helper()
	p.says("/setup#")
	found := regexp.MustCompile(`/setup#([A-Z0-9]+)`).FindStringSubmatch(p.said())
	if found == nil {
		t.Fatalf("no link for the first administrator:\n%s", p.said())
	}
	admin := newBrowser(t)
	admin.call("POST", p.url()+"/api/v1/auth/setup", map[string]string{
		"token": found[1], "name": "Root", "email": "root@example.com", "password": "a long password for tests",
	}, nil)
	return admin
}

const realSecret = "a-secret-of-tests-that-is-long-enough-for-anybody"

// TestSSOProvider signs in to the real program by a real provider: at the installation's own, and at an organisation's connection
// with a test before, roles by groups, and signing out at both ends.
func TestSSOProvider(t *testing.T) {
	needSSO(t)
	theirs := startRealProvider(t)
	t.Setenv("CODECOLLAB_OIDC_SECRET", realSecret)
	p := start(t, "", "--oidc-issuer", theirs.issuer, "--oidc-client", "main", "--oidc-name", "Real", "--sso-private-networks=true")
	origin := p.url()
	admin := becomeAdmin(t, p)
	var org struct{ ID string }
	admin.call("POST", origin+"/api/v1/orgs", map[string]string{"name": "Tests"}, &org)
	var made struct{ ID, Path string }
	connections := origin + "/api/v1/orgs/" + org.ID + "/connections"
	admin.call("POST", connections, map[string]any{"kind": "oidc", "name": "Real", "settings": map[string]any{
		"issuer": theirs.issuer, "clientId": "org", "clientSecret": realSecret, "scopes": []string{"openid", "profile", "email", "groups"},
		"groupsClaim": "groups", "groupRoles": map[string]string{"platform": "admin"}, "signOut": true,
	}}, &made)
	theirs.know(
		map[string]any{"client_id": "main", "client_secret": realSecret, "redirect_uris": []string{origin + "/auth/oidc/callback"}},
		map[string]any{"client_id": "org", "client_secret": realSecret, "redirect_uris": []string{origin + "/auth/sso/" + made.ID + "/callback"},
			"post_logout_redirect_uris": []string{origin + "/signin"}},
	)

	ann := newBrowser(t)
	ann.open(origin + "/auth/oidc/main?to=/orgs")
	ann.logIn("ann")
	me := ann.me(origin)
	if ann.at.String() != origin+"/orgs" || me.Account == nil || me.Account.Email != "ann@example.com" || me.Account.Name != "ann of the tests" || me.Via != "main" {
		t.Fatalf("by the installation's provider: at %s as %+v", ann.at, me)
	}

	var checked struct{ Steps []auth.Step }
	admin.call("POST", connections+"/"+made.ID+"/test", nil, &checked)
	wantSteps(t, checked.Steps, "settings", "discovery", "keys")
	admin.open(origin + made.Path + "?test=1")
	admin.logIn("tester")
	if me := admin.me(origin); me.Account == nil || me.Account.Email != "root@example.com" {
		t.Errorf("a test signed somebody in: %+v", me)
	}
	raw, err := base64.RawURLEncoding.DecodeString(admin.at.Fragment)
	if err != nil {
		t.Fatalf("a test ended at %s: %v", admin.at, err)
	}
	var steps []auth.Step
	if err := json.Unmarshal(raw, &steps); err != nil {
		t.Fatal(err)
	}
	wantSteps(t, steps, "state", "token", "id_token", "name", "email", "groups")

	ann.open(origin + made.Path)
	if ann.at.Path != "/signin" || ann.at.Query().Get("problem") != "no_connection" {
		t.Errorf("a connection that is off leads to %s", ann.at)
	}
	admin.call("PUT", connections+"/"+made.ID, map[string]any{"enabled": true}, nil)
	for name, role := range map[string]string{"admin-bob": "admin", "cy": "member"} {
		b := newBrowser(t)
		b.open(origin + made.Path + "?to=/orgs")
		b.logIn(name)
		me := b.me(origin)
		if me.Account == nil || me.Account.Email != name+"@example.com" || len(me.Orgs) != 1 || me.Orgs[0].ID != org.ID || me.Orgs[0].Role != role {
			t.Errorf("%s came by the connection to %s as %+v\n%s", name, b.at, me, p.said())
		}
		var next struct{ To string }
		b.call("POST", origin+"/api/v1/auth/signout", map[string]bool{}, &next)
		if b.me(origin).Account != nil {
			t.Error("still signed in")
		}
		b.open(next.To) // the provider asks; its form has a button for each answer
		b.submit(url.Values{"logout": {"yes"}})
		if b.at.String() != origin+"/signin" {
			t.Errorf("signing out at the provider ends at %s", b.at)
		}
		b.open(origin + made.Path)
		if !strings.Contains(b.page, `name="login"`) {
			t.Errorf("the provider still knows %s: %s", name, b.at)
		}
	}
}

func wantSteps(t *testing.T, steps []auth.Step, names ...string) {
	t.Helper()
	var got []string
	for _, s := range steps {
		got = append(got, s.Name)
		if !s.OK {
			t.Errorf("%+v", s)
		}
	}
	if !slices.Equal(got, names) {
		t.Errorf("the steps are %v, not %v", got, names)
	}
}
