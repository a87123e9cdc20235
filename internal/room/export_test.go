package room

import (
	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// PeopleNow is everybody whom this node knows to be here.
func (r *Room) PeopleNow() []wire.Peer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.presence.all()
}

// VersionNow is that of the last event here.
func (r *Room) VersionNow() codecollab.Version { return r.version() }
