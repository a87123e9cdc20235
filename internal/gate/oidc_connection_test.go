package gate_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/oidc"
	"codecollab.dev/internal/auth/oidc/oidctest"
	"codecollab.dev/internal/gate"
)

// company is a house with an organisation that has a verified domain and a connection to a provider.
type company struct {
	*house
	orgs       *auth.Orgs
	owner      auth.Actor
	org        string
	connection string
	dns        map[string]string
}

func newCompany(t *testing.T, p *oidctest.Provider) *company {
	t.Helper()
	c := &company{dns: map[string]string{}}
	c.house = newHouse(t, func(h *house, o *gate.Options) {
		o.External.Connections = oidc.NewConnections(oidc.Options{Trips: h.trips, Client: client(), Leeway: time.Minute})
		o.External.Providers = []gate.Provider{h.openID(p, "main")}
		c.orgs = h.organise(t, o.External.Connections, func(_ context.Context, name string) ([]string, error) { return []string{c.dns[name]}, nil })
		o.Companies, o.Orgs = c.orgs, c.orgs
	})
	ctx := t.Context()
	owner, err := c.desk.Arrive(ctx, auth.Arrival{Provider: "test", Subject: "owner", Name: "Olga"})
	if err != nil {
		t.Fatal(err)
	}
	c.owner = auth.Actor{Account: owner}
	org, err := c.orgs.Make(ctx, c.owner, "Company")
	if err != nil {
		t.Fatal(err)
	}
	c.org = org.ID
	settings, err := json.Marshal(oidc.Settings{Issuer: p.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret})
	if err != nil {
		t.Fatal(err)
	}
	made, err := c.orgs.AddConnection(ctx, c.owner, auth.Connection{Org: org.ID, Kind: oidc.Kind, Name: "Provider", Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	c.connection = made.ID
	return c
}

func (h *house) organise(t *testing.T, connections *oidc.Connections, txt auth.LookupTXT) *auth.Orgs {
	t.Helper()
	sealer, err := auth.NewSealer([]byte(strings.Repeat("s", 32)))
	if err != nil {
		t.Fatal(err)
	}
	db := h.people
	return auth.NewOrgs(auth.OrgOptions{
		Store: db, Book: db, Invitations: db, Domains: db, Connections: db, Managed: db, Provision: db, Newcomers: db, Tokens: db, Groups: db,
		Desk: h.desk, Sealer: sealer, Kinds: map[string]auth.ConnectionKind{oidc.Kind: connections.AsKind()}, TXT: txt, Now: time.Now, Log: slog.New(slog.NewTextHandler(h.log, nil)),
		Everyone: true, MaxOrgs: 9, MaxMembers: 99, MaxInvitations: 9, InvitationKeep: time.Hour, MaxDomains: 9, MaxConnections: 9, MaxScimTokens: 9, DomainGrace: time.Hour,
	})
}

func (c *company) enable(on bool) {
	c.t.Helper()
	if _, err := c.orgs.ChangeConnection(c.t.Context(), c.owner, auth.Connection{ID: c.connection, Org: c.org, Kind: oidc.Kind, Name: "Provider", Enabled: on}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *company) prove(domain string) {
	c.t.Helper()
	d, err := c.orgs.AddDomain(c.t.Context(), c.owner, c.org, domain)
	if err != nil {
		c.t.Fatal(err)
	}
	c.dns[d.Record+"."] = d.Token // DNS is asked for names from its root
	if d, err = c.orgs.CheckDomain(c.t.Context(), c.owner, c.org, domain); err != nil || !d.Holds() {
		c.t.Fatalf("%+v, %v", d, err)
	}
}

func (c *company) path() string { return "/auth/sso/" + c.connection }

func TestSigningInByConnection(t *testing.T) {
	p := oidctest.New()
	defer p.Close()
	c := newCompany(t, p)
	ann := c.person()
	if at := ann.open(c.path() + "?to=/in"); at.Query().Get("problem") != "no_connection" || ann.me() != nil {
		t.Errorf("a connection that is off leads to %s", at)
	}
	c.enable(true)
	if at := ann.open(c.path() + "?to=/in"); at.Path != "/in" {
		t.Fatalf("the browser is at %s\n%s", at, c.log.take())
	}
	me := ann.me()
	if me == nil || me.Name != "Ada Lovelace" {
		t.Fatalf("signed in as %+v", me)
	}
	if m, err := c.people.RoleIn(t.Context(), c.org, me.ID); err != nil || m.Role != auth.OrgMember {
		t.Errorf("in the organisation as %+v, %v", m, err)
	}
	other := c.person()
	other.open("/auth/oidc/main")
	if same := other.me(); same == nil || same.ID == me.ID {
		t.Errorf("the installation's provider and the organisation's mean the same person: %+v", same)
	}
}

// TestWhatConnectionsVouchFor: whoever sets up a provider decides what it says, so it says whose an address of their own domains is,
// and of no other.
func TestWhatConnectionsVouchFor(t *testing.T) {
	p := oidctest.New()
	defer p.Close()
	c := newCompany(t, p)
	c.enable(true)
	for _, proven := range []bool{false, true} {
		if proven {
			c.prove("example.com")
		}
		for _, said := range []bool{false, true} {
			p.With(oidctest.Does{Claims: func(claims map[string]any) { claims["email_verified"], claims["sub"] = said, somebody(proven, said) }})
			ann := c.person()
			ann.open(c.path())
			if me := ann.me(); me == nil || me.Email != "ada@example.com" {
				t.Fatalf("signed in as %+v\n%s", me, c.log.take())
			} else if a, err := c.desk.Account(t.Context(), me.ID); err != nil || a.Proven != (proven && said) {
				t.Errorf("with the domain proven %v, the provider saying %v: %+v, %v", proven, said, a, err)
			}
		}
	}
}

func somebody(proven, said bool) string {
	return "person " + map[bool]string{true: "of", false: "not of"}[proven] + map[bool]string{true: " verified", false: ""}[said]
}

// TestTestsOfConnections: owners see how far a sign-in got, and nobody is signed in by it.
func TestTestsOfConnections(t *testing.T) {
	p := oidctest.New()
	defer p.Close()
	c := newCompany(t, p)
	stranger := c.person()
	stranger.open("/auth/oidc/main")
	if at := stranger.open(c.path() + "?test=1"); at.Path != "/signin" {
		t.Errorf("a stranger may test: %s", at)
	}
	guest := c.person()
	if at := guest.open(c.path() + "?test=1"); at.Query().Get("problem") != "sign_in" {
		t.Errorf("a guest may test: %s", at)
	}
	if err := c.people.SetMember(t.Context(), auth.Membership{Org: c.org, Account: stranger.me().ID, Role: auth.OrgOwner, Source: "manual"}); err != nil {
		t.Fatal(err)
	}
	before := stranger.me().ID
	p.With(oidctest.Does{Claims: set("aud", "other")})
	for _, want := range []string{"id_token", ""} {
		at := stranger.open(c.path() + "?test=1")
		raw, err := base64.RawURLEncoding.DecodeString(at.Fragment)
		var steps []auth.Step
		if err == nil {
			err = json.Unmarshal(raw, &steps)
		}
		if err != nil || len(steps) == 0 {
			t.Fatalf("the test ended at %s: %v", at, err)
		}
		if last := steps[len(steps)-1]; last.OK != (want == "") || want != "" && last.Name != want {
			t.Errorf("the last step is %+v", last)
		}
		p.With(oidctest.Does{Claims: set("sub", "somebody new")})
	}
	if stranger.me().ID != before {
		t.Error("a test signed somebody in")
	}
	if _, err := c.desk.Find(t.Context(), auth.ProviderOf(c.connection), "somebody new"); err == nil {
		t.Error("a test made an account")
	}
}

// TestAnswersOfOtherConnections: what one provider answers does not count at another.
func TestAnswersOfOtherConnections(t *testing.T) {
	p := oidctest.New()
	defer p.Close()
	c := newCompany(t, p)
	c.enable(true)
	ann := c.person()
	back := ann.upTo("/auth/oidc/main")
	back.Path = c.path() + "/callback"
	if at := ann.open(back.String()); at.Query().Get("problem") != "bad_state" || ann.me() != nil {
		t.Errorf("the installation's answer at a connection: %s", at)
	}
	back = ann.upTo(c.path())
	back.Path = "/auth/oidc/callback"
	if at := ann.open(back.String()); at.Path != "/signin" || ann.me() != nil {
		t.Errorf("a connection's answer at the installation: %s", at)
	}
	back = ann.upTo(c.path())
	c.enable(false)
	if at := ann.open(back.String()); at.Query().Get("problem") != "no_connection" || ann.me() != nil {
		t.Errorf("a connection that was turned off meanwhile: %s", at)
	}
}
