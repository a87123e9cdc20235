package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// admin runs "codecollab admin" beside the program.
func (p *program) admin(args ...string) (string, error) {
	cmd := exec.Command(os.Args[0], append([]string{"admin"}, args...)...)
	cmd.Args = append(cmd.Args, "--data", p.data, "--addr", p.addr)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, errs.String())
	}
	return strings.TrimSpace(string(out)), err
}

// postAs sends JSON, and gives the status.
func (p *program) postAs(c *http.Client, path, body string) int {
	p.t.Helper()
	resp, err := c.Post("http://"+p.addr+path, "application/json", strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// The first administrator comes by the link of the log, or of the command; later, a lost password is mended on the machine.
func TestTheFirstAdministratorOfTheProgram(t *testing.T) {
	p := start(t, "", "--password-memory", "8MiB")
	inLog := regexp.MustCompile(`link=(http://localhost:\d+/setup#(\S+))`)
	found := inLog.FindAllStringSubmatch(waitFor(t, p, inLog), -1)
	if len(found) != 1 {
		t.Fatalf("the log has %d links", len(found))
	}
	link, err := p.admin("link")
	if err != nil || !strings.HasPrefix(link, "http://localhost:") {
		t.Fatalf("%q, %v", link, err)
	}
	_, token, _ := strings.Cut(link, "/setup#")
	browser := newJar(t)
	setup := func(token string) int {
		return p.postAs(browser, "/api/v1/auth/setup", fmt.Sprintf(`{"token":%q,"name":"Root","email":"root@example.org","password":"correct horse battery"}`, token))
	}
	if s := setup(found[0][2]); s != http.StatusForbidden { // the command has replaced it
		t.Errorf("the first link: %d", s)
	}
	if s := setup(token); s != http.StatusNoContent {
		t.Fatalf("the second link: %d", s)
	}
	if link, err := p.admin("link"); err == nil {
		t.Errorf("there is an administrator, and still a link: %s", link)
	}
	if _, err := p.admin("reset", "nobody@example.org"); err == nil {
		t.Error("somebody unknown gets a new password")
	}
	link, err = p.admin("reset", "Root@example.org")
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ = strings.Cut(link, "/reset#")
	if s := p.postAs(browser, "/api/v1/auth/reset", fmt.Sprintf(`{"token":%q,"password":"another long password"}`, token)); s != http.StatusNoContent {
		t.Errorf("the new password: %d", s)
	}
	p.kill()
	before := len(p.said())
	p.restart()
	if strings.Contains(p.said()[before:], "/setup#") {
		t.Error("with an administrator the log has another link")
	}
}

// waitFor waits until the log has something, and gives all of it.
func waitFor(t *testing.T, p *program, what *regexp.Regexp) string {
	t.Helper()
	for t.Context().Err() == nil {
		if said := p.said(); what.MatchString(said) {
			return said
		}
		select {
		case <-p.gone:
			t.Fatalf("the program ended:\n%s", p.said())
		default:
			runtime.Gosched()
		}
	}
	return ""
}

// As installed, an account with a password takes an invitation, which is good for one.
func TestAnInvitationMakesOneAccount(t *testing.T) {
	p := start(t, "", "--password-memory", "8MiB")
	root, ann, eve := newJar(t), newJar(t), newJar(t)
	p.setUp(root)
	const account = `{"name":"Ann","email":"ann@example.org","password":"correct horse battery","invitation":%q}`
	if s := p.postAs(ann, "/api/v1/auth/register", fmt.Sprintf(account, "")); s != http.StatusForbidden {
		t.Errorf("without an invitation: %d", s)
	}
	if s := p.postAs(ann, "/api/v1/auth/register", fmt.Sprintf(account, "nonsense")); s != http.StatusNotFound {
		t.Errorf("with none: %d", s)
	}
	var org struct{ ID string }
	p.askAs(root, "/api/v1/orgs", `{"name":"Example"}`, &org)
	var invited struct{ Token string }
	p.askAs(root, "/api/v1/orgs/"+org.ID+"/invitations", `{"role":"member","email":"ann@example.org"}`, &invited)
	other := strings.ReplaceAll(fmt.Sprintf(account, invited.Token), "ann@", "eve@")
	if s := p.postAs(eve, "/api/v1/auth/register", other); s != http.StatusForbidden {
		t.Errorf("somebody else's invitation: %d", s)
	}
	if s := p.postAs(ann, "/api/v1/auth/register", fmt.Sprintf(account, invited.Token)); s != http.StatusNoContent {
		t.Fatalf("with the invitation: %d", s)
	}
	if s := p.postAs(eve, "/api/v1/auth/register", fmt.Sprintf(account, invited.Token)); s != http.StatusNotFound {
		t.Errorf("with the invitation once more: %d", s)
	}
	var me struct {
		Account struct{ Email string }
		Orgs    []struct{ ID, Role string }
	}
	p.askAs(ann, "/api/v1/me", "", &me)
	if me.Account.Email != "ann@example.org" || len(me.Orgs) != 1 || me.Orgs[0].ID != org.ID || me.Orgs[0].Role != "member" {
		t.Errorf("%+v", me)
	}
}

func newJar(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

// setUp makes the first administrator in a browser.
func (p *program) setUp(c *http.Client) {
	p.t.Helper()
	link, err := p.admin("link")
	if err != nil {
		p.t.Fatal(err)
	}
	_, token, _ := strings.Cut(link, "/setup#")
	body := fmt.Sprintf(`{"token":%q,"name":"Root","email":"root@example.org","password":"correct horse battery"}`, token)
	if s := p.postAs(c, "/api/v1/auth/setup", body); s != http.StatusNoContent {
		p.t.Fatalf("setting up: %d", s)
	}
}

// askAs posts JSON, or gets where there is none, and reads the answer.
func (p *program) askAs(c *http.Client, path, body string, into any) {
	p.t.Helper()
	method := http.MethodPost
	if body == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, "http://"+p.addr+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 300 {
		err = fmt.Errorf("%s", resp.Status)
	}
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		p.t.Fatalf("%s %s: %v: %s", method, path, err, data)
	}
}
