package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/scim"
	"codecollab.dev/internal/gate"
	"codecollab.dev/internal/wire"
)

// company is a house with an organisation, whose provider has a connection and a token for SCIM.
type company struct {
	*house
	org, connection, token string
}

func newCompany(t *testing.T) *company {
	t.Helper()
	c := &company{connection: "c1"}
	c.house = newHouse(t, func(o *Options) {
		d := o.Gate.(*testDoor)
		sealer, err := auth.NewSealer([]byte(strings.Repeat("k", 32)))
		if err != nil {
			t.Fatal(err)
		}
		orgs := auth.NewOrgs(auth.OrgOptions{
			Store: d.db, Book: d.db, Invitations: d.db, Domains: d.db, Connections: d.db, Managed: d.db, Provision: d.db, Newcomers: d.db, Tokens: d.db,
			Groups: d.db, Desk: d.desk, Sealer: sealer, Kinds: map[string]auth.ConnectionKind{}, TXT: auth.ResolveAt(""), Now: d.now, Log: o.Log,
			Everyone: true, MaxOrgs: 9, MaxMembers: 99, MaxInvitations: 9, InvitationKeep: time.Hour, MaxDomains: 9, MaxConnections: 9, MaxScimTokens: 9,
		})
		d.desk.Consult(orgs)
		provisioning := scim.New(scim.Options{
			Store: d.db, Members: d.db.GroupMembers(), Directory: orgs, Roles: orgs.RoleByGroups, Now: d.now, Log: o.Log,
			MaxResources: 99, MaxPage: 99, MaxBody: 1 << 20, MaxOps: 99,
		})
		d.Gate, err = gate.New(gate.Options{Desk: d.desk, Log: o.Log, Guests: "everyone", Passwords: "open", Companies: orgs, Orgs: orgs, Scim: provisioning})
		if err != nil {
			t.Fatal(err)
		}
	})
	c.register(c.client, "olga@example.org")
	var org struct{ ID string }
	c.call(c.client, "POST", "/api/v1/orgs", `{"name": "Example"}`, http.StatusCreated, &org)
	c.org = org.ID
	err := c.door.db.SaveConnection(t.Context(), auth.SealedConnection{Connection: auth.Connection{ID: c.connection, Org: c.org, Kind: "oidc", Name: "Okta", Enabled: true}, Sealed: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	var made struct{ Token string }
	c.call(c.client, "POST", "/api/v1/orgs/"+c.org+"/scim-tokens", `{"name": "Okta"}`, http.StatusCreated, &made)
	c.token = made.Token
	return c
}

// arrives is the browser of somebody who has signed in by the connection.
func (c *company) arrives(subject string) (*http.Client, auth.Account, error) {
	c.t.Helper()
	a, err := c.door.desk.Arrive(c.t.Context(), auth.Arrival{
		Provider: auth.ProviderOf(c.connection), Subject: subject, Name: subject, Email: subject + "@example.org", Proven: true, Org: c.org, Via: c.connection,
	})
	if err != nil {
		return nil, a, err
	}
	token, _, err := c.door.desk.SignIn(c.t.Context(), a, auth.Session{Via: c.connection})
	return c.withCookie(token), a, err
}

// scim sends a request of the provider.
func (c *company) scim(method, path, body string, want int, out any) {
	c.t.Helper()
	client := &http.Client{Transport: bearer(c.token)}
	c.call(client, method, "/scim/v2"+path, body, want, out)
}

type bearer string

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(r)
}

// TestDeactivatedIsOut measures from the provider's PATCH to the end of the connection of whoever it is about.
func TestDeactivatedIsOut(t *testing.T) {
	for name, open := range ways() {
		t.Run(name, func(t *testing.T) {
			c := newCompany(t)
			var user struct{ ID string }
			c.scim("POST", "/Users", `{"userName": "ada@example.org", "externalId": "ada"}`, http.StatusCreated, &user)
			var took []time.Duration
			for range 10 {
				browser, account, err := c.arrives("ada")
				if err != nil {
					t.Fatal(err)
				}
				var made struct{ Room string }
				c.call(browser, "POST", "/api/v1/rooms", `{}`, http.StatusCreated, &made)
				c.house.room = made.Room
				talk := open(c.house, browser)
				talk.say(joinAs("aaaaaaaa", ""))
				wait(t, talk, func(*wire.Joined) bool { return true })

				var api struct{ Token string }
				c.call(browser, "POST", "/api/v1/me/tokens", `{"name": "ci", "scopes": ["rooms"]}`, http.StatusCreated, &api)
				program := &http.Client{Transport: bearer(api.Token)}
				c.call(program, "GET", "/api/v1/me/rooms", "", http.StatusOK, nil)

				began := time.Now()
				c.scim("PATCH", "/Users/"+user.ID, `{"Operations": [{"op": "replace", "value": {"active": false}}]}`, http.StatusOK, nil)
				waitSignedOut(t, talk)
				took = append(took, time.Since(began))

				c.call(browser, "GET", "/api/v1/me", "", http.StatusUnauthorized, nil)
				c.call(program, "GET", "/api/v1/me/rooms", "", http.StatusUnauthorized, nil)
				if _, _, err := c.arrives("ada"); err == nil {
					t.Error("somebody deactivated comes in again")
				}
				c.scim("PATCH", "/Users/"+user.ID, `{"Operations": [{"op": "Replace", "path": "active", "value": "True"}]}`, http.StatusOK, nil)
				if again, err := c.door.desk.Account(t.Context(), account.ID); err != nil || !again.Active {
					t.Fatalf("reactivated they are %+v, %v", again, err)
				}
				c.call(program, "GET", "/api/v1/me/rooms", "", http.StatusUnauthorized, nil)
			}
			slices.Sort(took)
			t.Logf("from the PATCH to the end of the connection: p50 %v, most %v", took[len(took)/2], took[len(took)-1])
			if most := took[len(took)-1]; most > time.Second {
				t.Error(fmt.Sprint("it took ", most))
			}
		})
	}
}
