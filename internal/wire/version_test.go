package wire_test

import (
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// W11: pages and servers of neighbouring versions agree, whichever is the newer; others are told who has to change.
func TestAgree(t *testing.T) {
	for _, c := range []struct {
		client, oldest int
		server         wire.Versions
		want           int
		code           string
	}{
		{client: 1, server: wire.Versions{Oldest: 1, Newest: 1}, want: 1},
		{client: 2, oldest: 1, server: wire.Versions{Oldest: 1, Newest: 1}, want: 1}, // a newer page on a node that is not upgraded
		{client: 1, server: wire.Versions{Oldest: 1, Newest: 2}, want: 1},            // an older page on one that is
		{client: 2, oldest: 1, server: wire.Versions{Oldest: 1, Newest: 2}, want: 2},
		{client: 2, oldest: 1, server: wire.Versions{Oldest: 2, Newest: 3}, want: 2},
		{client: 1, server: wire.Versions{Oldest: 2, Newest: 3}, code: "bad_protocol"},
		{client: 0, server: wire.Versions{Oldest: 1, Newest: 1}, code: "bad_protocol"},
		{client: 3, oldest: 2, server: wire.Versions{Oldest: 1, Newest: 1}, code: "old_server"},
		{client: 2, server: wire.Versions{Oldest: 1, Newest: 1}, code: "old_server"},
	} {
		got, err := c.server.Agree(&wire.Join{Protocol: c.client, Oldest: c.oldest})
		if got != c.want || (err == nil) != (c.code == "") || err != nil && codecollab.CodeOf(err) != c.code {
			t.Errorf("%+v: %d, %v", c, got, err)
		}
	}
	if s := wire.Spoken(); s.Newest-s.Oldest > 1 || s.Oldest > s.Newest || s.Oldest < 1 {
		t.Errorf("%+v: the newest version and the one before are spoken, and no others", s)
	}
}
