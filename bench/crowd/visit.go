package crowd

import (
	"context"
	"fmt"
	"math/rand/v2"

	"codecollab.dev/bench/syncclient"
)

// Deaf lets somebody more join each room at a node who reads nothing after that. leave ends their connections.
func (c *Crowd) Deaf(ctx context.Context, node string) (leave func(), err error) {
	var all []*witness
	leave = func() {
		for _, w := range all {
			_ = w.conn.CloseNow()
		}
	}
	for i, r := range c.rooms {
		w, _, err := join(ctx, node, r.address, r.owner, fmt.Sprintf("deafdeaf%d", i), nil)
		if err != nil {
			leave()
			return leave, err
		}
		all = append(all, w)
	}
	return leave, nil
}

// Visit lets a new guest join one of the rooms, listen until ctx ends, and leave.
func (c *Crowd) Visit(ctx context.Context) error {
	token, err := patiently(ctx, func() (string, error) { return syncclient.Guest(ctx, c.http, c.opt.URL) })
	if err != nil {
		return unless(ctx, err)
	}
	r := c.rooms[rand.IntN(len(c.rooms))]
	w, _, err := join(ctx, c.opt.URL, r.address, token, fmt.Sprintf("visitor%08d", rand.IntN(100_000_000)), nil)
	if err != nil {
		return unless(ctx, err)
	}
	defer func() { _ = w.conn.CloseNow() }()
	for err == nil {
		_, err = w.read(ctx)
	}
	return unless(ctx, err)
}

// unless is nil for an error that comes because ctx has ended.
func unless(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// Opener makes rooms, goes in, and leaves at once.
type Opener struct {
	url   string
	token string
	c     *Crowd
}

// NewOpener is a new guest who will do so.
func NewOpener(ctx context.Context, url string) (*Opener, error) {
	o := &Opener{url: url, c: &Crowd{http: newHTTP()}}
	var err error
	o.token, err = patiently(ctx, func() (string, error) { return syncclient.Guest(ctx, o.c.http, url) })
	return o, err
}

// Open makes one room, joins it, and closes the connection.
func (o *Opener) Open(ctx context.Context) error {
	address, err := patiently(ctx, func() (string, error) { return syncclient.CreateRoom(ctx, o.c.http, o.url, o.token, "bash") })
	if err != nil {
		return err
	}
	_, err = snapshot(ctx, o.url, address, o.token)
	return err
}
