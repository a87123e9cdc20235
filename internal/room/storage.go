package room

import (
	"context"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// storageError is what an author is told when the store failed. The cause is for the log.
func storageError(err error) error {
	if code := codecollab.CodeOf(err); code == "read_only" || code == "deleted" {
		return err
	}
	return &codecollab.Error{Kind: codecollab.Unavailable, Code: "internal",
		Message: "The server could not store this. Your text is kept here and will be sent again.", Err: err}
}

// noteStorage tells everyone when the room becomes read-only, and when it is writable again.
func (r *Room) noteStorage(err error) {
	now := wire.Writable{OK: true}
	if err != nil {
		now = wire.Writable{Reason: storageError(err).(*codecollab.Error).Message}
		r.opt.Log.Error("append failed", "room", r.id, "err", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		r.probeIn = 0
	}
	r.setWritable(now)
}

// setWritable tells everyone, and begins to probe when the room is read-only: clients send nothing until they hear that
// it is writable again. The caller holds mu.
func (r *Room) setWritable(now wire.Writable) {
	if now == r.writable {
		return
	}
	r.writable = now
	r.broadcast(&now)
	if !now.OK {
		r.probeIn = min(max(2*r.probeIn, firstProbe), lastProbe)
		time.AfterFunc(r.probeIn, r.probe)
	}
}

// A read-only room asks the store after so long whether it can write. Doubling keeps a disk with room for little from
// flickering.
const (
	firstProbe = 500 * time.Millisecond
	lastProbe  = 30 * time.Second
)

func (r *Room) probe() {
	r.loading.Lock()
	err := r.log.Append(context.Background(), r.id, r.version(), nil)
	if IsMovedOn(err) {
		// Perhaps by what this node has sent before it lost its database, without an answer.
		err = r.refreshLocked(context.Background())
	}
	r.loading.Unlock()
	if r.isDeleted() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err == nil:
		r.setWritable(wire.Writable{OK: true})
	case !r.writable.OK:
		time.AfterFunc(r.probeIn, r.probe)
	}
}
