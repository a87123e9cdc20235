package gate

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/store/engine"
	"codecollab.dev/internal/store/people"
)

// porch is a gate over a real store, and people who are signed in.
type porch struct {
	t    *testing.T
	gate *Gate
	db   *people.Store
	desk *auth.Desk
	mux  *http.ServeMux
	dir  string // of the store
}

type noVisits struct{}

func (noVisits) MoveVisits(context.Context, string, string) error { return nil }

func newPorch(t *testing.T, change ...func(*Options)) *porch {
	t.Helper()
	dir := t.TempDir()
	db, err := people.Open(t.Context(), engine.Folder(dir), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	desk := auth.NewDesk(auth.DeskOptions{Store: db, Visits: noVisits{}, SessionIdle: time.Hour, SessionMax: time.Hour, Log: log, Now: time.Now})
	opt := Options{Desk: desk, Trail: db, Log: log, Guests: "everyone"}
	for _, f := range change {
		f(&opt)
	}
	g, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	p := &porch{t: t, gate: g, db: db, desk: desk, mux: http.NewServeMux(), dir: dir}
	g.Routes(p.mux)
	return p
}

// signedIn makes an account, with a role in an organisation if there is one, and returns it and the token of its session.
func (p *porch) signedIn(name, org string, role auth.OrgRole, admin bool) (auth.Account, string) {
	p.t.Helper()
	ctx := p.t.Context()
	a, err := p.desk.Arrive(ctx, auth.Arrival{Provider: "test", Subject: name, Name: name, Email: name + "@example.com", Proven: true})
	if err == nil && admin {
		a, err = p.desk.Change(ctx, a.ID, func(a *auth.Account) error { a.Admin = true; return nil })
	}
	if err == nil && org != "" {
		if _, missing := p.db.Org(ctx, org); missing != nil {
			err = p.db.SaveOrg(ctx, auth.Org{ID: org, Name: org, Created: time.Now()}, a.ID)
		}
		if err == nil && role != auth.OrgOwner {
			err = p.db.SetMember(ctx, auth.Membership{Org: org, Account: a.ID, Role: role, Source: "manual"})
		}
	}
	if err != nil {
		p.t.Fatal(err)
	}
	token, _, err := p.desk.SignIn(ctx, a, auth.Session{Agent: "test", Address: "192.0.2.1", Via: "test"})
	if err != nil {
		p.t.Fatal(err)
	}
	return a, token
}

// ask sends a request with a token ("" is a stranger), and returns the status and the body.
func (p *porch) ask(method, path, token, body string) (int, string) {
	p.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if token != "" {
		r.AddCookie(&http.Cookie{Name: cookieName, Value: token})
	}
	w := httptest.NewRecorder()
	p.mux.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestWhoMayReadTheAuditLog(t *testing.T) {
	p := newPorch(t)
	_, owner := p.signedIn("olga", "o1", auth.OrgOwner, false)
	_, admin := p.signedIn("adam", "o1", auth.OrgAdmin, false)
	_, member := p.signedIn("mia", "o1", auth.OrgMember, false)
	_, other := p.signedIn("otto", "o2", auth.OrgOwner, false)
	_, root := p.signedIn("rita", "", "", true)
	guest := auth.NewGuest().Token()
	for _, path := range []string{"audit", "audit/export"} {
		for _, c := range []struct {
			path, who, token string
			want             int
		}{
			{"/api/v1/orgs/o1/", "its owner", owner, 200}, {"/api/v1/orgs/o1/", "its administrator", admin, 200},
			{"/api/v1/orgs/o1/", "its member", member, 403}, {"/api/v1/orgs/o1/", "another's owner", other, 404},
			{"/api/v1/orgs/o1/", "the installation's administrator", root, 200}, {"/api/v1/orgs/o1/", "a guest", guest, 401},
			{"/api/v1/orgs/o1/", "a stranger", "", 401}, {"/api/v1/orgs/none/", "an owner, of none", owner, 404},
			{"/api/v1/admin/", "the installation's administrator", root, 200}, {"/api/v1/admin/", "an owner", owner, 403},
			{"/api/v1/admin/", "a guest", guest, 401},
		} {
			if got, body := p.ask("GET", c.path+path, c.token, ""); got != c.want {
				t.Errorf("%s%s for %s: %d %s", c.path, path, c.who, got, body)
			}
		}
	}
}

func TestTheAuditLogInPagesAndAsAnExport(t *testing.T) {
	p := newPorch(t)
	owner, token := p.signedIn("olga", "o1", auth.OrgOwner, false)
	const lines = auditBatch + 7
	for i := range lines {
		org := "o1"
		if i%500 == 3 {
			org = "o2" // what is another's
		}
		e := auth.Entry{At: time.Now(), Org: org, Person: owner.ID, Name: "line\nbreak", Action: auth.ActRoleGiven, Target: fmt.Sprint("room-", i), Outcome: auth.OK}
		if err := p.db.Append(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	var page struct {
		Entries []auth.Entry
		Next    int64
	}
	seen, path := 0, "/api/v1/orgs/o1/audit?limit=200"
	for before := ""; ; before = fmt.Sprint("&before=", page.Next) {
		code, body := p.ask("GET", path+before, token, "")
		page.Next = 0
		if err := json.Unmarshal([]byte(body), &page); code != 200 || err != nil {
			t.Fatalf("%d %v %s", code, err, body)
		}
		for _, e := range page.Entries {
			if e.Org != "o1" {
				t.Fatalf("a line of another organisation: %+v", e)
			}
		}
		seen += len(page.Entries)
		if page.Next == 0 {
			break
		}
	}
	if seen != lines-3 {
		t.Errorf("the pages have %d lines, want %d", seen, lines-3)
	}
	code, body := p.ask("GET", "/api/v1/orgs/o1/audit/export?action=role_given,link_rotated", token, "")
	last, n := int64(0), 0
	for in := bufio.NewScanner(strings.NewReader(body)); in.Scan(); n++ {
		var e auth.Entry
		if err := json.Unmarshal(in.Bytes(), &e); err != nil || e.Seq <= last || e.Org != "o1" {
			t.Fatalf("line %d of the export is %q: %v", n+1, in.Text(), err)
		}
		last = e.Seq
	}
	if code != 200 || n != lines-3 {
		t.Errorf("%d: the export has %d lines, want %d", code, n, lines-3)
	}
	noted, err := p.db.Entries(t.Context(), auth.AuditQuery{Org: "o1", Actions: []string{auth.ActAuditExported}, Limit: 9})
	if err != nil || len(noted) != 1 || noted[0].Person != owner.ID || noted[0].Detail["action"] == "" {
		t.Errorf("the export is noted as %+v, %v", noted, err)
	}
}

func TestSearchesThatAreNone(t *testing.T) {
	p := newPorch(t)
	_, root := p.signedIn("rita", "", "", true)
	for _, q := range []string{"before=x", "before=0", "limit=0", "limit=201", "since=yesterday", "until=1", "q=" + strings.Repeat("x", 201)} {
		if code, body := p.ask("GET", "/api/v1/admin/audit?"+q, root, ""); code != 400 || !strings.Contains(body, "bad_message") {
			t.Errorf("%s: %d %s", q, code, body)
		}
	}
	if code, body := p.ask("GET", "/api/v1/admin/audit?since=2026-01-01&until=2026-01-02T10:00:00%2B02:00&outcome=failed", root, ""); code != 200 || body != "{\"entries\":[],\"next\":0}\n" {
		t.Errorf("%d %s", code, body)
	}
}
