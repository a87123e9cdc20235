package auth

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"codecollab.dev"
)

// ConnectionKind is what organisations need to know about a way to sign in.
type ConnectionKind struct {
	Secrets  []string                                 // the fields of its settings that nobody is shown
	Validate func(settings json.RawMessage) error     // what is wrong with settings, in words
	Check    func(context.Context, Connection) []Step // tries whether the provider answers
}

// SealedConnection is a connection as it is kept.
type SealedConnection struct {
	Connection
	Sealed  []byte
	Created time.Time
}

// ConnectionStore keeps connections.
type ConnectionStore interface {
	SaveConnection(ctx context.Context, c SealedConnection) error
	// Connection returns one. Error "no_connection".
	Connection(ctx context.Context, id string) (SealedConnection, error)
	// Connections are an organisation's, the oldest first.
	Connections(ctx context.Context, org string) ([]SealedConnection, error)
	DropConnection(ctx context.Context, org, id string) error
	// SessionsVia are the accounts that have sessions by a connection.
	SessionsVia(ctx context.Context, via string) ([]string, error)
}

// ShownConnection is a connection without its secrets.
type ShownConnection struct {
	Connection
	Secrets []string  `json:"secrets"` // those that are set
	Path    string    `json:"path"`    // where signing in by it begins
	Created time.Time `json:"created"`
}

// ProviderOf is what identities that come by a connection have as their provider.
func ProviderOf(connection string) string { return "connection:" + connection }

// Connection opens a connection for those who sign people in: with its secrets. Error "no_connection".
func (o *Orgs) Connection(ctx context.Context, id string) (Connection, error) {
	c, err := o.opt.Connections.Connection(ctx, id)
	if err != nil {
		return Connection{}, err
	}
	return o.unsealed(c)
}

func (o *Orgs) unsealed(c SealedConnection) (Connection, error) {
	settings, err := o.opt.Sealer.Open(c.Sealed, "connection "+c.ID)
	c.Settings = settings
	return c.Connection, err
}

// ConnectionsOf are those of an organisation. Errors: as May.
func (o *Orgs) ConnectionsOf(ctx context.Context, a Actor, org string) ([]ShownConnection, error) {
	if _, _, err := o.May(ctx, a, org, OrgSeeSignIn); err != nil {
		return nil, err
	}
	all, err := o.opt.Connections.Connections(ctx, org)
	if err != nil {
		return nil, err
	}
	out := []ShownConnection{}
	for _, c := range all {
		shown, err := o.shown(c)
		if err != nil {
			return nil, err
		}
		out = append(out, shown)
	}
	return out, nil
}

// ShowConnection is one of an organisation's. Errors: as May, "no_connection".
func (o *Orgs) ShowConnection(ctx context.Context, a Actor, org, id string) (ShownConnection, error) {
	if _, _, err := o.May(ctx, a, org, OrgSeeSignIn); err != nil {
		return ShownConnection{}, err
	}
	c, err := o.connectionIn(ctx, org, id)
	if err != nil {
		return ShownConnection{}, err
	}
	return o.shown(c)
}

func (o *Orgs) connectionIn(ctx context.Context, org, id string) (SealedConnection, error) {
	c, err := o.opt.Connections.Connection(ctx, id)
	if err == nil && c.Org != org {
		err = NoConnection()
	}
	return c, err
}

// shown takes the secrets out.
func (o *Orgs) shown(c SealedConnection) (ShownConnection, error) {
	out := ShownConnection{Connection: c.Connection, Secrets: []string{}, Path: "/auth/sso/" + c.ID, Created: c.Created}
	open, err := o.unsealed(c)
	if err != nil {
		return out, err
	}
	fields := fieldsOf(open.Settings)
	for _, name := range o.opt.Kinds[c.Kind].Secrets {
		if isSet(fields[name]) {
			out.Secrets = append(out.Secrets, name)
		}
		delete(fields, name)
	}
	out.Settings, err = json.Marshal(fields)
	return out, err
}

// AddConnection makes one; it is off until somebody enables it. Errors: as May, "bad_connection", "connection_limit".
func (o *Orgs) AddConnection(ctx context.Context, a Actor, c Connection) (ShownConnection, error) {
	if _, _, err := o.May(ctx, a, c.Org, OrgSignIn); err != nil {
		return ShownConnection{}, err
	}
	all, err := o.opt.Connections.Connections(ctx, c.Org)
	if err != nil {
		return ShownConnection{}, err
	}
	if len(all) >= o.opt.MaxConnections {
		return ShownConnection{}, codecollab.Errorf(codecollab.Limit, "connection_limit",
			"The organisation has %d connections, which is as many as it may have.", len(all))
	}
	c.ID, c.Enabled = newID("c"), false
	shown, err := o.keep(ctx, SealedConnection{Connection: c, Created: o.opt.Now()})
	if err == nil {
		o.note(ctx, a, c.Org, ActConnectionAdded, c.ID, map[string]string{"kind": c.Kind, "name": shown.Name})
	}
	return shown, err
}

// ChangeConnection gives a connection other settings; a secret that is not given stays. Turned off, or with another provider, the
// sessions that came by it end. Errors: as May, "no_connection", "bad_connection", "enforced".
func (o *Orgs) ChangeConnection(ctx context.Context, a Actor, c Connection) (ShownConnection, error) {
	org, _, err := o.May(ctx, a, c.Org, OrgSignIn)
	if err != nil {
		return ShownConnection{}, err
	}
	was, err := o.connectionIn(ctx, c.Org, c.ID)
	if err != nil {
		return ShownConnection{}, err
	}
	if org.Enforced && was.Enabled && !c.Enabled {
		if err := o.stillEnforceable(ctx, c.Org, "", c.ID); err != nil {
			return ShownConnection{}, err
		}
	}
	open, err := o.unsealed(was)
	if err != nil {
		return ShownConnection{}, err
	}
	c.Kind = was.Kind
	if c.Settings, err = o.withSecrets(c, open.Settings); err != nil {
		return ShownConnection{}, err
	}
	shown, err := o.keep(ctx, SealedConnection{Connection: c, Created: was.Created})
	if err != nil {
		return ShownConnection{}, err
	}
	o.note(ctx, a, c.Org, ActConnectionChanged, c.ID, changesOf(open, c))
	if was.Enabled && !c.Enabled {
		err = o.endVia(ctx, c.ID)
	}
	return shown, err
}

// withSecrets is settings with the secrets that it does not have from those of before; without any settings all stays as it was.
func (o *Orgs) withSecrets(c Connection, before json.RawMessage) (json.RawMessage, error) {
	fields, old := fieldsOf(c.Settings), fieldsOf(before)
	if len(fields) == 0 {
		return before, nil
	}
	for _, name := range o.opt.Kinds[c.Kind].Secrets {
		if !isSet(fields[name]) && isSet(old[name]) {
			fields[name] = old[name]
		}
	}
	return json.Marshal(fields)
}

// changesOf names what has changed, without the values: some are secrets.
func changesOf(before, after Connection) map[string]string {
	detail := map[string]string{}
	if before.Enabled != after.Enabled {
		detail["enabled"] = map[bool]string{true: "yes", false: "no"}[after.Enabled]
	}
	old, fields := fieldsOf(before.Settings), fieldsOf(after.Settings)
	changed := ""
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if string(old[name]) != string(fields[name]) {
			changed += " " + name
		}
	}
	if changed != "" {
		detail["changed"] = changed[1:]
	}
	return detail
}

// DropConnection takes one away, and ends the sessions that came by it. Errors: as May, "no_connection", "enforced".
func (o *Orgs) DropConnection(ctx context.Context, a Actor, org, id string) error {
	found, _, err := o.May(ctx, a, org, OrgSignIn)
	if err != nil {
		return err
	}
	c, err := o.connectionIn(ctx, org, id)
	if err != nil {
		return err
	}
	if found.Enforced && c.Enabled {
		if err := o.stillEnforceable(ctx, org, "", id); err != nil {
			return err
		}
	}
	if err := o.opt.Connections.DropConnection(ctx, org, id); err != nil {
		return err
	}
	o.note(ctx, a, org, ActConnectionRemoved, id, map[string]string{"kind": c.Kind, "name": c.Name})
	return o.endVia(ctx, id)
}

// TestConnection tries whether a connection's provider answers, and says for each step what was found. Errors: as May, "no_connection".
func (o *Orgs) TestConnection(ctx context.Context, a Actor, org, id string) ([]Step, error) {
	if _, _, err := o.May(ctx, a, org, OrgSignIn); err != nil {
		return nil, err
	}
	c, err := o.connectionIn(ctx, org, id)
	if err != nil {
		return nil, err
	}
	open, err := o.unsealed(c)
	if err != nil {
		return nil, err
	}
	steps := o.opt.Kinds[c.Kind].Check(ctx, open)
	e := a.entry(org, ActConnectionTested, id, nil)
	if i := slices.IndexFunc(steps, func(s Step) bool { return !s.OK }); i >= 0 {
		e.Outcome, e.Detail = "failed", map[string]string{"step": steps[i].Name}
	}
	o.opt.Desk.Note(ctx, e)
	return steps, nil
}

// keep checks and saves.
func (o *Orgs) keep(ctx context.Context, c SealedConnection) (ShownConnection, error) {
	kind, ok := o.opt.Kinds[c.Kind]
	if !ok {
		return ShownConnection{}, badConnection("there is no such kind: it is \"saml\" or \"oidc\"")
	}
	name, err := orgName(c.Name)
	if err != nil {
		return ShownConnection{}, err
	}
	c.Name = name
	if fieldsOf(c.Settings) == nil {
		return ShownConnection{}, badConnection("its settings are no JSON object")
	}
	// Our addresses have the connection's id in them, and whoever sets one up needs those first: it may begin without any settings.
	if unfinished := len(fieldsOf(c.Settings)) == 0 && !c.Enabled; unfinished {
		return o.save(ctx, c)
	}
	if err := kind.Validate(c.Settings); err != nil {
		if codecollab.CodeOf(err) != "internal" {
			return ShownConnection{}, err
		}
		return ShownConnection{}, badConnection(err.Error())
	}
	return o.save(ctx, c)
}

// save seals and saves.
func (o *Orgs) save(ctx context.Context, c SealedConnection) (ShownConnection, error) {
	c.Sealed = o.opt.Sealer.Seal(c.Settings, "connection "+c.ID)
	if err := o.opt.Connections.SaveConnection(ctx, c); err != nil {
		return ShownConnection{}, err
	}
	return o.shown(c)
}

// endVia ends all sessions that came by a connection.
func (o *Orgs) endVia(ctx context.Context, id string) error {
	accounts, err := o.opt.Connections.SessionsVia(ctx, id)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if err := o.endSessions(ctx, a, func(s Session) bool { return s.Via == id }); err != nil {
			return err
		}
	}
	return nil
}

// endSessions ends those sessions of a person that match.
func (o *Orgs) endSessions(ctx context.Context, account string, match func(Session) bool) error {
	all, err := o.opt.Desk.Sessions(ctx, account)
	if err != nil {
		return err
	}
	for _, s := range all {
		if !match(s) {
			continue
		}
		if _, err := o.opt.Desk.EndSession(ctx, account, s.ID); err != nil {
			return err
		}
	}
	return nil
}

func fieldsOf(settings json.RawMessage) map[string]json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(settings, &fields) != nil {
		return nil
	}
	return fields
}

func isSet(v json.RawMessage) bool { return len(v) > 0 && string(v) != `""` && string(v) != "null" }

func badConnection(what string) error {
	return codecollab.Errorf(codecollab.Invalid, "bad_connection", "The connection cannot be like this: %s.", what)
}

// NoConnection is the error of a connection that is not there.
func NoConnection() error {
	return codecollab.Errorf(codecollab.NotFound, "no_connection", "There is no such connection.")
}
