package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"codecollab.dev/bench/syncclient"
)

// TestNoSecretIsLogged does what secrets are needed for, well and wrongly, and then looks for them in the server's log, in the audit
// log and in what a person gets of their own data.
func TestNoSecretIsLogged(t *testing.T) {
	t.Setenv("CODECOLLAB_OIDC_SECRET", "the-secret-of-a-client")
	p := start(t, "", "--log-level=debug", "--passwords=open", "--oidc-issuer=https://login.invalid", "--oidc-client=x")
	secrets := map[string]string{"password": "a long password for tests", "client secret": "the-secret-of-a-client"} // becomeAdmin's is the first
	admin := becomeAdmin(t, p)
	me := admin.me(p.url())
	post := func(path, body, token string) {
		p.request("POST", path, token, body)
	}
	wrong := map[string]string{"a wrong password": "correct horse battery", "another's": "one that nobody has"}
	for name, password := range wrong {
		secrets[name] = password
		post("/api/v1/auth/password", `{"email":"root@example.com","password":"`+password+`"}`, "")
		post("/api/v1/auth/register", `{"email":"x@example.com","name":"X","password":"`+password+`"}`, "")
		post("/api/v1/auth/reset", `{"token":"`+password+`","password":"`+password+`"}`, "")
	}
	var token struct{ Token string }
	admin.call("POST", p.url()+"/api/v1/me/tokens", map[string]any{"name": "mine", "scopes": []string{"rooms"}, "days": 1}, &token)
	secrets["API token"] = token.Token
	var reset struct{ Path string }
	admin.call("POST", p.url()+"/api/v1/admin/people/"+me.Account.ID+"/reset", map[string]any{}, &reset)
	_, secrets["link for a new password"], _ = strings.Cut(reset.Path, "#")
	address, err := syncclient.CreateRoom(t.Context(), http.DefaultClient, p.url(), token.Token, "python")
	if err != nil {
		t.Fatal(err)
	}
	room := ""
	room, secrets["key of a link"] = syncclient.Address(address)
	secrets["passcode"] = "speak friend and enter"
	admin.call("PUT", p.url()+"/api/v1/rooms/"+room+"/passcode", map[string]string{"passcode": secrets["passcode"]}, nil)
	guest, err := syncclient.Guest(t.Context(), http.DefaultClient, p.url())
	if err != nil {
		t.Fatal(err)
	}
	secrets["guest's token"] = guest
	post("/api/v1/rooms/"+room+"/passcode", `{"passcode":"speak friend and enter "}`, guest)
	p.request("GET", "/api/v1/rooms/"+room+"?key="+secrets["key of a link"], guest, "")
	for _, c := range admin.Jar.Cookies(parsed(t, p.url())) {
		secrets["cookie "+c.Name] = c.Value
	}
	fetch := func(path string) string {
		answer, err := admin.Get(p.url() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %v", path, answer.Status, err)
		}
		return string(text)
	}
	places := map[string]string{
		"the audit log": fetch("/api/v1/admin/audit/export"), "a person's data": fetch("/api/v1/me/export"), "the sessions": fetch("/api/v1/me/sessions"),
		"the tokens": fetch("/api/v1/me/tokens"), "the server's log": p.said(),
	}
	for place, text := range places {
		if len(text) < 10 {
			t.Errorf("%s is %q: nothing could be found there", place, text)
		}
		for name, secret := range secrets {
			if len(secret) < 8 {
				t.Errorf("the secret %s is %q: too short to be looked for", name, secret)
			} else if strings.Contains(text, secret) {
				t.Errorf("%s has the %s", place, name)
			}
		}
	}
	if n := strings.Count(places["the audit log"], `"action":"sign_in"`); n < 2 {
		t.Errorf("%d sign-ins are in the audit log:\n%s", n, places["the audit log"])
	}
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
