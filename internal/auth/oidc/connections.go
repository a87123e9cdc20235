package oidc

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"codecollab.dev/internal/auth"
)

// Kind is how connections of this kind are called.
const Kind = "oidc"

// Connections are the providers of organisations. What a provider says about itself is kept while its settings stay as they are.
type Connections struct {
	opt Options // for each; ID, Provider and Org are the connection's

	mu   sync.Mutex
	ways map[string]kept
}

type kept struct {
	settings string
	way      *Provider
}

// mostKept bounds the providers that are kept; others are asked again.
const mostKept = 1000

// NewConnections makes the providers of connections with opt.
func NewConnections(opt Options) *Connections {
	return &Connections{opt: opt, ways: map[string]kept{}}
}

// Way is the provider of a connection. Errors: "bad_connection".
func (c *Connections) Way(conn auth.Connection) (*Provider, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := conn.Org + " " + string(conn.Settings)
	if k, ok := c.ways[conn.ID]; ok && k.settings == key {
		return k.way, nil
	}
	set, err := parse(conn.Settings)
	if err != nil {
		return nil, err
	}
	opt := c.opt
	opt.ID, opt.Provider, opt.Org = conn.ID, auth.ProviderOf(conn.ID), conn.Org
	way, err := New(set, opt)
	if err != nil {
		return nil, err
	}
	if len(c.ways) >= mostKept {
		for id := range c.ways { // any will do
			delete(c.ways, id)
			break
		}
	}
	c.ways[conn.ID] = kept{key, way}
	return way, nil
}

func parse(settings json.RawMessage) (Settings, error) {
	var set Settings
	if err := json.Unmarshal(settings, &set); err != nil {
		return set, wrong("The settings of the connection are not those of OpenID Connect: %v.", err)
	}
	return set, nil
}

// AsKind is what organisations need to know about connections of this kind.
func (c *Connections) AsKind() auth.ConnectionKind {
	return auth.ConnectionKind{
		Secrets: []string{"clientSecret"},
		Validate: func(settings json.RawMessage) error {
			set, err := parse(settings)
			if err != nil {
				return err
			}
			return set.Validate()
		},
		Check: func(ctx context.Context, conn auth.Connection) []auth.Step {
			way, err := c.Way(conn)
			if err != nil {
				return []auth.Step{{Name: "settings", Detail: fmt.Sprint(err), Fix: "Correct the settings of the connection."}}
			}
			return way.Check(ctx)
		},
	}
}
