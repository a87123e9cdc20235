package main

import (
	"log/slog"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/oidc"
	"codecollab.dev/internal/auth/scim"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/gate"
	"codecollab.dev/internal/store/people"
)

// sealKey is the file in the data folder with the key of what is sealed in people.db.
const sealKey = "secret.key"

// newOrgs makes the organisations and what their providers speak to.
func newOrgs(
	s config.Settings, db *people.Store, desk *auth.Desk, sealer *auth.Sealer, kinds map[string]auth.ConnectionKind, log *slog.Logger,
) (*auth.Orgs, *scim.Handler) {
	orgs := auth.NewOrgs(auth.OrgOptions{
		Store: db, Book: db, Invitations: db, Domains: db, Connections: db, Managed: db, Provision: db, Newcomers: db, Tokens: db, Groups: db,
		Desk: desk, Sealer: sealer, Kinds: kinds, TXT: auth.ResolveAt(s.DomainDNS), Now: time.Now, Log: log,
		Everyone: s.OrgsBy == "everyone", MaxOrgs: s.OrgsOwned, MaxMembers: s.OrgMembers, MaxInvitations: s.OrgInvitations,
		InvitationKeep: s.InvitationKeep, MaxDomains: s.OrgDomains, MaxConnections: s.OrgConnections, MaxScimTokens: s.ScimTokens,
		DomainRecheck: s.DomainRecheck, DomainGrace: s.DomainGrace,
	})
	desk.Consult(orgs)
	return orgs, scim.New(scim.Options{
		Store: db, Members: db.GroupMembers(), Directory: orgs, Roles: orgs.RoleByGroups, Now: time.Now, Log: log,
		MaxResources: s.ScimResources, MaxPage: s.ScimPage, MaxBody: int64(s.ScimBodyMax), MaxOps: s.ScimOperations,
	})
}

// connectionKinds are the ways in which organisations can have their people signed in.
func connectionKinds(external gate.External) map[string]auth.ConnectionKind {
	return map[string]auth.ConnectionKind{oidc.Kind: external.Connections.AsKind()}
}
