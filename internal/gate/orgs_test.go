package gate

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
)

// code asks, and returns the code of the error; "ok" when there is none.
func (o *office) code(method, path, token, body string) string {
	o.t.Helper()
	status, text := o.ask(method, path, token, body)
	if status < 300 {
		return "ok"
	}
	_, after, _ := strings.Cut(text, `"code":"`)
	code, _, _ := strings.Cut(after, `"`)
	return code
}

// TestWhoMayDoWhatInAnOrganisation goes through the whole of the matrix over HTTP: a stranger without an account, somebody with one, a
// member, an admin, an owner, an administrator of the installation.
func TestWhoMayDoWhatInAnOrganisation(t *testing.T) {
	o := newOffice(t)
	tokens := map[string]string{"": "", "owner": o.token}
	_, tokens["other"] = o.signedIn("other", "", "", false)
	_, tokens["member"] = o.signedIn("mia", o.org, auth.OrgMember, false)
	_, tokens["admin"] = o.signedIn("adam", o.org, auth.OrgAdmin, false)
	_, tokens["root"] = o.signedIn("root", "", "", true)
	someone, _ := o.signedIn("sam", o.org, auth.OrgMember, false)
	c := o.connect()
	o.verify("example.com")
	for _, row := range []struct{ method, path, body, want string }{ // want: "", other, member, admin, owner, root
		{"GET", "", "", "sign_in no_org ok ok ok ok"},
		{"GET", "/members", "", "sign_in no_org ok ok ok ok"},
		{"PUT", "", `{"name": "New"}`, "sign_in no_org org_role ok ok ok"},
		{"PUT", "", `{"enforced": false}`, "sign_in no_org org_role org_role ok ok"},
		{"GET", "/invitations", "", "sign_in no_org org_role ok ok ok"},
		{"POST", "/invitations", `{"role": "owner"}`, "sign_in no_org org_role org_role ok ok"},
		{"DELETE", "/invitations/x", "", "sign_in no_org org_role no_invitation no_invitation no_invitation"},
		{"PUT", "/members/" + someone.ID, `{"role": "member"}`, "sign_in no_org org_role ok ok ok"},
		{"PUT", "/members/" + someone.ID, `{"role": "owner"}`, "sign_in no_org org_role org_role ok ok"},
		{"PUT", "/members/" + someone.ID, `{"role": "member"}`, "sign_in no_org org_role ok ok ok"},
		{"DELETE", "/members/" + o.owner.ID, "", "sign_in no_org org_role org_role last_owner last_owner"},
		{"GET", "/domains", "", "sign_in no_org org_role ok ok ok"},
		{"POST", "/domains", `{"domain": "example.com"}`, "sign_in no_org org_role org_role ok ok"},
		{"POST", "/domains/example.com/verify", "", "sign_in no_org org_role org_role ok ok"},
		{"DELETE", "/domains/x.org", "", "sign_in no_org org_role org_role no_domain no_domain"},
		{"GET", "/connections", "", "sign_in no_org org_role ok ok ok"},
		{"GET", "/connections/" + c, "", "sign_in no_org org_role ok ok ok"},
		{"POST", "/connections", `{"kind": "x"}`, "sign_in no_org org_role org_role bad_connection bad_connection"},
		{"PUT", "/connections/" + c, `{"name": "New"}`, "sign_in no_org org_role org_role ok ok"},
		{"POST", "/connections/" + c + "/test", "", "sign_in no_org org_role org_role ok ok"},
		{"DELETE", "/connections/x", "", "sign_in no_org org_role org_role no_connection no_connection"},
		{"GET", "/scim-tokens", "", "sign_in no_org org_role ok ok ok"},
		{"POST", "/scim-tokens", `{"name": "x"}`, "sign_in no_org org_role org_role ok ok"},
		{"DELETE", "/scim-tokens/x", "", "sign_in no_org org_role org_role no_token no_token"},
		{"GET", "/groups", "", "sign_in no_org org_role ok ok ok"},
		{"PUT", "/groups/x", `{"role": "admin"}`, "sign_in no_org org_role org_role no_group no_group"},
		{"GET", "/audit", "", "sign_in no_org org_role ok ok ok"},
	} {
		var got []string
		for _, who := range []string{"", "other", "member", "admin", "owner", "root"} {
			if row.method == "PUT" && strings.HasPrefix(row.path, "/members/") { // each begins with the same
				if err := o.db.SetMember(t.Context(), auth.Membership{Org: o.org, Account: someone.ID, Role: auth.OrgMember, Source: "manual"}); err != nil {
					t.Fatal(err)
				}
			}
			got = append(got, o.code(row.method, o.own(row.path), tokens[who], row.body))
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s %s %s: %v, want %s", row.method, row.path, row.body, got, row.want)
		}
	}
	for _, row := range [][2]string{{"", "sign_in"}, {"other", "no_org"}, {"member", "org_role"}, {"admin", "org_role"}, {"owner", "ok"}} {
		if got := o.code("DELETE", o.own(""), tokens[row[0]], ""); got != row[1] {
			t.Errorf("%q deletes it: %s", row[0], got)
		}
	}
	if got := o.code("GET", o.own(""), tokens["root"], ""); got != "no_org" {
		t.Errorf("after it was deleted: %s", got)
	}
}

func TestOrganisationsAreMadeByWhomTheSettingSays(t *testing.T) {
	o := newOffice(t, func(opt *auth.OrgOptions) { opt.MaxOrgs = 2 })
	o.do("POST", "/api/v1/orgs", o.token, `{"name": "Second"}`, http.StatusCreated, nil)
	if code := o.code("POST", "/api/v1/orgs", o.token, `{"name": "Third"}`); code != "org_limit" {
		t.Error(code)
	}
	for _, name := range []string{"", "   ", strings.Repeat("x", 81), "a\u0007b"} {
		if code := o.code("PUT", o.own(""), o.token, fmt.Sprintf(`{"name": %q}`, name)); code != "bad_name" && code != "bad_message" {
			t.Errorf("%q: %s", name, code)
		}
	}
	if orgs := auth.NewOrgs(auth.OrgOptions{}); orgs.MayMake(o.owner) || !orgs.MayMake(auth.Account{ID: "u1", Admin: true}) {
		t.Error("with orgs-by = admins others than administrators make some, or they do not")
	}
	var me struct{ Orgs []struct{ Name, Role string } }
	o.do("GET", "/api/v1/me", o.token, "", http.StatusOK, &me)
	if fmt.Sprint(me.Orgs) != "[{Example owner} {Second owner}]" {
		t.Errorf("/me says %v", me.Orgs)
	}
}

func TestMembersSeeNamesAndNoAddresses(t *testing.T) {
	o := newOffice(t)
	_, member := o.signedIn("mia", o.org, auth.OrgMember, false)
	if text := o.do("GET", o.own("/members"), member, "", http.StatusOK, nil); strings.Contains(text, "olga@example.com") || !strings.Contains(text, "mia@example.com") {
		t.Error("a member sees " + text)
	}
	if text := o.do("GET", o.own("/members"), o.token, "", http.StatusOK, nil); !strings.Contains(text, "mia@example.com") {
		t.Error("the owner sees " + text)
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	o := newOffice(t)
	mia, token := o.signedIn("mia", o.org, auth.OrgMember, false)
	me := o.own("/members/" + o.owner.ID)
	for _, try := range [][2]string{{"PUT", `{"role": "admin"}`}, {"PUT", `{"role": "member"}`}, {"DELETE", ""}} {
		if code := o.code(try[0], me, o.token, try[1]); code != "last_owner" {
			t.Errorf("%v: %s", try, code)
		}
	}
	o.do("PUT", o.own("/members/"+mia.ID), o.token, `{"role": "owner"}`, http.StatusNoContent, nil)
	o.do("DELETE", me, o.token, "", http.StatusNoContent, nil)
	if code := o.code("DELETE", o.own("/members/"+mia.ID), token, ""); code != "last_owner" {
		t.Error(code)
	}
}

func TestInvitations(t *testing.T) {
	o := newOffice(t)
	ann, annToken := o.signedIn("ann", "", "", false)
	_, bobToken := o.signedIn("bob", "", "", false)
	invite := func(body string) (token, id string) {
		t.Helper()
		var made struct{ Token, ID, Path string }
		o.do("POST", o.own("/invitations"), o.token, body, http.StatusCreated, &made)
		if made.Path != "/invite#"+made.Token || made.Token == "" {
			t.Errorf("the invitation is %+v", made)
		}
		return made.Token, made.ID
	}
	join := func(session, token string) string {
		return o.code("POST", "/api/v1/orgs/join", session, fmt.Sprintf(`{"token": %q}`, token))
	}
	token, _ := invite(`{"role": "admin", "email": "Ann@Example.com"}`)
	if text := o.do("POST", "/api/v1/auth/invitation", "", fmt.Sprintf(`{"token": %q}`, token), http.StatusOK, nil); !strings.Contains(text, "Example") {
		t.Error(text)
	}
	if code := join("", token); code != "sign_in" {
		t.Error("a guest joins: " + code)
	}
	if code := join(bobToken, token); code != "other_email" {
		t.Error("somebody else joins: " + code)
	}
	if code := join(annToken, token); code != "ok" || o.roleOf(ann.ID) != auth.OrgAdmin {
		t.Errorf("who is invited: %s, %s", code, o.roleOf(ann.ID))
	}
	if code := join(annToken, token); code != "no_invitation" {
		t.Error("it works twice: " + code)
	}
	token, _ = invite(`{"role": "member"}`)
	if code := join(annToken, token); code != "ok" || o.roleOf(ann.ID) != auth.OrgAdmin {
		t.Errorf("an invitation makes less of somebody: %s, %s", code, o.roleOf(ann.ID))
	}
	token, id := invite(`{}`)
	o.do("DELETE", o.own("/invitations/"+id), o.token, "", http.StatusNoContent, nil)
	if code := join(bobToken, token); code != "no_invitation" {
		t.Error("one that was taken back works: " + code)
	}
	for range 3 {
		invite(`{}`)
	}
	if code := o.code("POST", o.own("/invitations"), o.token, `{}`); code != "invitation_limit" {
		t.Error(code)
	}
	for body, want := range map[string]string{`{"role": "root"}`: "bad_role", `{"email": "nobody"}`: "bad_email"} {
		if code := o.code("POST", o.own("/invitations"), o.token, body); code != want {
			t.Errorf("%s: %s", body, code)
		}
	}
	if code := join(bobToken, "nonsense"); code != "no_invitation" {
		t.Error(code)
	}
}

func TestAnInvitationAgesAndIsUsedOnce(t *testing.T) {
	var later time.Duration
	o := newOffice(t, func(opt *auth.OrgOptions) { opt.Now = func() time.Time { return time.Now().Add(later) } })
	var made struct{ Token string }
	o.do("POST", o.own("/invitations"), o.token, `{}`, http.StatusCreated, &made)
	tokens := []string{}
	for i := range 8 {
		_, token := o.signedIn(fmt.Sprint("p", i), "", "", false)
		tokens = append(tokens, token)
	}
	in := make(chan string)
	for _, token := range tokens {
		go func() { in <- o.code("POST", "/api/v1/orgs/join", token, fmt.Sprintf(`{"token": %q}`, made.Token)) }()
	}
	joined := 0
	for range tokens {
		if code := <-in; code == "ok" {
			joined++
		} else if code != "no_invitation" {
			t.Error(code)
		}
	}
	if joined != 1 {
		t.Errorf("%d people came in by one link", joined)
	}
	o.do("POST", o.own("/invitations"), o.token, `{}`, http.StatusCreated, &made)
	later = 2 * time.Hour
	if code := o.code("POST", "/api/v1/auth/invitation", "", fmt.Sprintf(`{"token": %q}`, made.Token)); code != "no_invitation" {
		t.Error("an old one works: " + code)
	}
}
