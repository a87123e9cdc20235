package gate

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

func TestDomains(t *testing.T) {
	later := time.Duration(0)
	o := newOffice(t, func(opt *auth.OrgOptions) { opt.Now = func() time.Time { return time.Now().Add(later) } })
	for _, name := range []string{"", "localhost", "a..b", "exa mple.com", "-a.com", "1.2.3.4", "ex_ample.com", "https://example.com", strings.Repeat("a", 64) + ".com"} {
		if code := o.code("POST", o.own("/domains"), o.token, fmt.Sprintf(`{"domain": %q}`, name)); code != "bad_domain" {
			t.Errorf("%q: %s", name, code)
		}
	}
	var d auth.Domain
	o.do("POST", o.own("/domains"), o.token, `{"domain": " Example.COM. "}`, http.StatusCreated, &d)
	if d.Domain != "example.com" || d.Record != "_codecollab.example.com" || len(d.Token) < 30 || d.Holds() {
		t.Errorf("the domain is %+v", d)
	}
	verify := func() string { return o.code("POST", o.own("/domains/example.com/verify"), o.token, "") }
	discovered := func() string {
		t.Helper()
		return strings.TrimSpace(o.do("POST", "/api/v1/auth/discover", "", `{"email": "Anybody@example.COM"}`, http.StatusOK, nil))
	}
	if code := verify(); code != "domain_unproven" {
		t.Error("without a record: " + code)
	}
	o.dns.set(d.Record, "codecollab-of-somebody-else")
	if code := verify(); code != "domain_unproven" {
		t.Error("with another value: " + code)
	}
	o.dns.fail(true)
	if code := verify(); code != "dns_failed" {
		t.Error("when DNS fails: " + code)
	}
	o.dns.fail(false)
	if got := discovered(); got != "{}" {
		t.Error("before it is verified: " + got)
	}
	o.dns.set(d.Record, "v=spf1 -all", d.Token)
	if code := verify(); code != "ok" {
		t.Error("with the record: " + code)
	}
	if got := discovered(); got != "{}" {
		t.Error("without a connection: " + got)
	}
	c := o.connect()
	if got, want := discovered(), fmt.Sprintf(`{"sso":{"org":"Example","path":"/auth/sso/%s","enforced":false}}`, c); got != want {
		t.Errorf("discovered: %s", got)
	}

	// Another organisation may ask for it, but does not get it, whatever DNS says.
	_, token := o.signedIn("paul", "", "", false)
	var other struct{ ID string }
	o.do("POST", "/api/v1/orgs", token, `{"name": "Other"}`, http.StatusCreated, &other)
	var e auth.Domain
	o.do("POST", "/api/v1/orgs/"+other.ID+"/domains", token, `{"domain": "example.com"}`, http.StatusCreated, &e)
	o.dns.set(d.Record, d.Token, e.Token)
	if code := o.code("POST", "/api/v1/orgs/"+other.ID+"/domains/example.com/verify", token, ""); code != "domain_taken" {
		t.Error("two have it: " + code)
	}

	// Asked again: our resolver's failures change nothing, a record that is gone counts after the time of grace.
	holds := func() bool {
		t.Helper()
		of, err := o.db.OrgOf(t.Context(), "example.com")
		if err != nil {
			t.Fatal(err)
		}
		return of == o.org
	}
	o.dns.fail(true)
	o.orgs.Recheck(t.Context())
	o.dns.fail(false)
	o.dns.set(d.Record)
	o.orgs.Recheck(t.Context())
	later = 30 * time.Minute
	o.orgs.Recheck(t.Context())
	if !holds() {
		t.Error("it is lost before the time of grace is over")
	}
	o.dns.set(d.Record, d.Token)
	o.orgs.Recheck(t.Context())
	o.dns.set(d.Record)
	later = 61 * time.Minute
	o.orgs.Recheck(t.Context())
	if !holds() {
		t.Error("the time of grace did not begin anew")
	}
	later = 3 * time.Hour
	o.orgs.Recheck(t.Context())
	if holds() || discovered() != "{}" {
		t.Error("it holds although DNS does not confirm it")
	}
	o.dns.set(d.Record, e.Token)
	if code := o.code("POST", "/api/v1/orgs/"+other.ID+"/domains/example.com/verify", token, ""); code != "ok" {
		t.Error("the other one does not get it: " + code)
	}
}

func TestConnectionsKeepTheirSecrets(t *testing.T) {
	o := newOffice(t)
	var c auth.ShownConnection
	o.do("POST", o.own("/connections"), o.token,
		`{"kind": "oidc", "name": "Okta", "enabled": true, "settings": {"issuer": "https://okta.example", "clientSecret": "hush-hush"}}`, http.StatusCreated, &c)
	if c.Enabled {
		t.Error("it is on before anybody has tried it")
	}
	path := o.own("/connections/" + c.ID)
	steps := func() string { return o.do("POST", path+"/test", o.token, "", http.StatusOK, nil) }
	if got := steps(); !strings.Contains(got, `"ok":true`) {
		t.Error("the secret is not there for those who need it: " + got)
	}
	for _, body := range []string{
		`{"enabled": true}`, `{"settings": {"issuer": "https://other.example"}}`, `{"settings": {"issuer": "https://other.example", "clientSecret": ""}}`, `{"name": "Other"}`,
	} {
		text := o.do("PUT", path, o.token, body, http.StatusOK, &c)
		if strings.Contains(text, "hush") || fmt.Sprint(c.Secrets) != "[clientSecret]" || !c.Enabled || !strings.Contains(steps(), `"ok":true`) {
			t.Errorf("%s: %s", body, text)
		}
	}
	if c.Name != "Other" || string(c.Settings) != `{"issuer":"https://other.example"}` {
		t.Errorf("it is %+v", c)
	}
	o.do("PUT", path, o.token, `{"settings": {"issuer": "x", "clientSecret": "new"}}`, http.StatusOK, nil)
	if got := steps(); strings.Contains(got, `"ok":true`) {
		t.Error("the secret did not change")
	}
	o.do("PUT", path, o.token, `{"settings": {"issuer": "x", "clientSecret": "hush-hush"}}`, http.StatusOK, nil)

	// Neither in answers nor in the log nor in the file.
	seen := o.do("GET", o.own("/connections"), o.token, "", http.StatusOK, nil) + o.do("GET", path, o.token, "", http.StatusOK, nil) +
		o.do("GET", o.own("/audit?limit=200"), o.token, "", http.StatusOK, nil)
	if strings.Contains(seen, "hush") || !strings.Contains(seen, `"changed":"clientSecret issuer"`) {
		t.Error("what is told: " + seen)
	}
	files, err := filepath.Glob(filepath.Join(o.dir, "people.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if data, err := os.ReadFile(f); err != nil || bytes.Contains(data, []byte("hush-hush")) {
			t.Errorf("%s has the secret, or cannot be read: %v", f, err)
		}
	}
	for body, want := range map[string]string{
		`{"kind": "ldap", "name": "x", "settings": {"issuer": "x"}}`: "bad_connection", `{"kind": "oidc", "name": "x", "settings": {"clientId": "x"}}`: "bad_connection",
		`{"kind": "oidc", "name": "x", "settings": "x"}`: "bad_connection", `{"kind": "oidc", "name": "", "settings": {"issuer": "x"}}`: "bad_name",
	} {
		if code := o.code("POST", o.own("/connections"), o.token, body); code != want {
			t.Errorf("%s: %s", body, code)
		}
	}
	// Another organisation's owner does not reach it by the path of theirs.
	_, token := o.signedIn("paul", "", "", false)
	var other struct{ ID string }
	o.do("POST", "/api/v1/orgs", token, `{"name": "Other"}`, http.StatusCreated, &other)
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		if code := o.code(method, "/api/v1/orgs/"+other.ID+"/connections/"+c.ID, token, `{"name": "mine"}`); code != "no_connection" {
			t.Errorf("%s: %s", method, code)
		}
	}
}

func TestEnforcedSignIn(t *testing.T) {
	o := newOffice(t)
	enforce := func(on bool) string { return o.code("PUT", o.own(""), o.token, fmt.Sprintf(`{"enforced": %v}`, on)) }
	if code := enforce(true); code != "enforced" {
		t.Error("without a connection and a domain: " + code)
	}
	c := o.connect()
	o.verify("example.com")
	mia, byPassword := o.signedIn("mia", o.org, auth.OrgMember, false)
	_, bySSO, err := o.arrives(c, "00u1", "ada@example.com", "")
	if err != nil {
		t.Fatal(err)
	}
	guest, err := o.desk.Arrive(t.Context(), auth.Arrival{Provider: "test", Subject: "g", Email: "gus@elsewhere.org", Proven: true})
	if err == nil {
		err = o.db.SetMember(t.Context(), auth.Membership{Org: o.org, Account: guest.ID, Role: auth.OrgMember, Source: "manual"})
	}
	if err != nil {
		t.Fatal(err)
	}
	if code := enforce(true); code != "ok" {
		t.Error(code)
	}
	if o.isIn(byPassword) || !o.isIn(bySSO) || !o.isIn(o.token) {
		t.Errorf("in are: by password %v, by the connection %v, the owner %v", o.isIn(byPassword), o.isIn(bySSO), o.isIn(o.token))
	}
	if _, err := o.signInVia(mia, "password"); codecollab.CodeOf(err) != "sso_required" {
		t.Errorf("a member comes in by a password: %v", err)
	}
	if _, err := o.signInVia(mia, c); err != nil {
		t.Errorf("a member does not come in by the connection: %v", err)
	}
	if _, err := o.signInVia(guest, "password"); err != nil {
		t.Errorf("a member with an address of elsewhere does not come in: %v", err)
	}
	if _, err := o.signInVia(o.owner, "password"); err != nil {
		t.Errorf("an owner does not come in: %v", err)
	}
	log := o.do("GET", o.own("/audit?action=break_glass"), o.token, "", http.StatusOK, nil)
	if strings.Count(log, `"break_glass"`) != 1 || !strings.Contains(log, o.owner.ID) {
		t.Error("the log says " + log)
	}
	if log = o.do("GET", o.own("/audit?action=sign_in&outcome=sso_required"), o.token, "", http.StatusOK, nil); !strings.Contains(log, mia.ID) {
		t.Error("the log does not say who was refused: " + log)
	}
	// Nobody gets around it by joining with a session that began in another way.
	_, rob := o.signedIn("rob", "", "", false)
	var invited struct{ Token string }
	o.do("POST", o.own("/invitations"), o.token, `{}`, http.StatusCreated, &invited)
	if code := o.code("POST", "/api/v1/orgs/join", rob, fmt.Sprintf(`{"token": %q}`, invited.Token)); code != "sso_required" {
		t.Error("somebody joins without the connection: " + code)
	}
	// While it is enforced there is a way in.
	for _, try := range [][3]string{{"PUT", "/connections/" + c, `{"enabled": false}`}, {"DELETE", "/connections/" + c, ""}, {"DELETE", "/domains/example.com", ""}} {
		if code := o.code(try[0], o.own(try[1]), o.token, try[2]); code != "enforced" {
			t.Errorf("%v: %s", try, code)
		}
	}
	if code := enforce(false); code != "ok" {
		t.Error(code)
	}
	o.do("PUT", o.own("/connections/"+c), o.token, `{"enabled": false}`, http.StatusOK, nil)
	if o.isIn(bySSO) {
		t.Error("a session stays whose connection is off")
	}
	o.do("PUT", o.own("/connections/"+c), o.token, `{"enabled": true}`, http.StatusOK, nil)
	if bySSO, err = o.signInVia(mia, c); err != nil || !o.isIn(bySSO) {
		t.Fatal(err)
	}
	o.do("DELETE", o.own(""), o.token, "", http.StatusNoContent, nil)
	if o.isIn(bySSO) {
		t.Error("a session stays whose organisation is gone")
	}
}

func TestASessionEndsWhenTheProviderSays(t *testing.T) {
	o := newOffice(t)
	a, _, err := o.arrives(o.connect(), "00u1", "ada@example.com", "")
	if err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(10 * time.Minute)
	if err := o.gate.signIn(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", http.NoBody), a, auth.Arrival{Via: "c", Until: until}); err != nil {
		t.Fatal(err)
	}
	all, err := o.desk.Sessions(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.Via == "c" && !s.Expires.After(until) && s.Until.Sub(until).Abs() < time.Second {
			return
		}
	}
	t.Errorf("no session ends then: %+v", all)
}

func TestRolesFollowTheMapping(t *testing.T) {
	o := newOffice(t)
	c := o.connect()
	for _, step := range []struct{ says, want auth.OrgRole }{
		{"", auth.OrgMember}, {auth.OrgAdmin, auth.OrgAdmin}, {"", auth.OrgAdmin}, {auth.OrgMember, auth.OrgMember}, {auth.OrgOwner, auth.OrgAdmin},
	} {
		a, _, err := o.arrives(c, "00u1", "ada@example.com", step.says)
		if err != nil || o.roleOf(a.ID) != step.want {
			t.Errorf("the mapping says %q: %q, %v", step.says, o.roleOf(a.ID), err)
		}
	}
	a, _, err := o.arrives(c, "00u1", "ada@example.com", "")
	if err != nil {
		t.Fatal(err)
	}
	o.do("PUT", o.own("/members/"+a.ID), o.token, `{"role": "owner"}`, http.StatusNoContent, nil)
	if _, _, err := o.arrives(c, "00u1", "ada@example.com", auth.OrgMember); err != nil || o.roleOf(a.ID) != auth.OrgOwner {
		t.Errorf("a provider unmakes an owner: %s, %v", o.roleOf(a.ID), err)
	}
}

func TestAnOrganisationIsFull(t *testing.T) {
	o := newOffice(t, func(opt *auth.OrgOptions) { opt.MaxMembers = 2 })
	c := o.connect()
	if _, _, err := o.arrives(c, "1", "a@example.com", ""); err != nil {
		t.Fatal(err)
	}
	_, _, err := o.arrives(c, "2", "b@example.com", "")
	if e, ok := errors.AsType[*codecollab.Error](err); !ok || e.Code != "org_full" || !strings.Contains(e.Message, "2 people") {
		t.Error(err)
	}
}

// Whoever has another address at a provider of the installation from one day to the next is still who they were.
func TestAnotherAddressLeadsAroundNoEnforcedSignIn(t *testing.T) {
	o := newOffice(t)
	o.connect()
	o.verify("example.com")
	in := auth.Arrival{Provider: "https://accounts.example", Subject: "tom", Name: "Tom", Email: "tom@example.com", Proven: true, Via: "elsewhere"}
	tom, err := o.desk.Arrive(t.Context(), in)
	if err == nil {
		err = o.db.SetMember(t.Context(), auth.Membership{Org: o.org, Account: tom.ID, Role: auth.OrgMember, Source: "manual"})
	}
	if err != nil {
		t.Fatal(err)
	}
	if code := o.code("PUT", o.own(""), o.token, `{"enforced": true}`); code != "ok" {
		t.Fatal(code)
	}
	for _, email := range []string{"tom@example.com", "tom@private.example"} {
		in.Email = email
		w := httptest.NewRecorder()
		o.gate.arrive(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), in, "/")
		if at := w.Header().Get("Location"); !strings.Contains(at, "problem=sso_required") || len(w.Result().Cookies()) > 0 {
			t.Errorf("as %s: the browser is sent to %q with %v", email, at, w.Result().Cookies())
		}
	}
	if again, err := o.desk.Account(t.Context(), tom.ID); err != nil || again.Email != "tom@example.com" {
		t.Errorf("%+v, %v", again, err)
	}
}
