package livekit

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"sync"
	"time"

	"codecollab.dev/internal/wire"
)

const (
	hotEvery  = 300 * time.Millisecond
	atOnce    = 8   // calls of the room service
	namesMost = 500 // of rooms, in one call
)

// work looks at the rooms: at those where something has changed often, at the others now and then.
func (d *Desk) work(ctx context.Context) {
	hot, all := time.NewTicker(hotEvery), time.NewTicker(d.opt.Look)
	defer hot.Stop()
	defer all.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-all.C:
			d.lookAtAll(ctx)
		case <-d.poke:
			d.lookAt(ctx, d.hotRooms())
		case <-hot.C:
			d.lookAt(ctx, d.hotRooms())
		}
	}
}

func (d *Desk) hotRooms() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var names []string
	now := time.Now()
	for name, r := range d.rooms {
		if now.Before(r.hot) {
			names = append(names, name)
		}
	}
	return names
}

// known are the rooms that are worth a look. Others are forgotten.
func (d *Desk) known() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var names []string
	now := time.Now()
	for name, r := range d.rooms {
		if len(r.seats) == 0 && now.After(r.keep) {
			delete(d.rooms, name)
			continue
		}
		names = append(names, name)
	}
	return names
}

// lookAtAll asks which of the rooms are there, which is one call for many, and looks at those.
func (d *Desk) lookAtAll(ctx context.Context) {
	for names := range slices.Chunk(d.known(), namesMost) {
		there, err := d.listRooms(ctx, names)
		if err != nil {
			if ctx.Err() == nil {
				d.opt.Log.Warn("LiveKit does not say which rooms talk", "rooms", len(names), "err", err)
			}
			for _, name := range names {
				d.stale(name)
			}
			continue
		}
		var some []string
		for _, name := range names {
			if slices.Contains(there, name) {
				some = append(some, name)
			} else {
				d.found(ctx, name, nil)
			}
		}
		d.lookAt(ctx, some)
	}
}

// lookAt asks who is in some rooms.
func (d *Desk) lookAt(ctx context.Context, names []string) {
	var done sync.WaitGroup
	free := make(chan struct{}, atOnce)
	for _, name := range names {
		free <- struct{}{}
		done.Go(func() {
			defer func() { <-free }()
			people, err := d.listParticipants(ctx, name)
			if err == nil {
				d.found(ctx, name, people)
				return
			}
			if ctx.Err() == nil {
				d.opt.Log.Warn("LiveKit does not say who talks in a room", "room", name, "err", err)
			}
			d.stale(name)
		})
	}
	done.Wait()
}

// found deals with what a room is like: what should not be so is put right, and the room's clients are told who talks.
func (d *Desk) found(ctx context.Context, name string, there []participant) {
	people := &wire.VoicePeople{Engine: engine}
	for _, p := range there {
		if p.Permission.Hidden || p.State != "ACTIVE" && p.State != "JOINED" {
			continue
		}
		if d.mend(ctx, name, p) {
			people.People = append(people.People, wire.VoicePerson{
				Client: p.Identity, Person: p.Metadata, Muted: !p.speaks(), Silent: !p.Permission.CanPublish,
			})
		}
	}
	slices.SortFunc(people.People, func(a, b wire.VoicePerson) int { return cmp.Compare(a.Client, b.Client) })
	d.tell(name, people)
}

// mend makes somebody at LiveKit what they may be. The answer is whether they may be there at all.
func (d *Desk) mend(ctx context.Context, name string, p participant) bool {
	s, over := d.seatOf(name, p)
	switch {
	case over:
		d.decide(ctx, name, "RemoveParticipant", map[string]any{"room": name, "identity": p.Identity})
		return false
	case s == nil:
		return true // another node's
	}
	silent, refused := s.rights()
	switch {
	case refused != nil:
		d.decide(ctx, name, "RemoveParticipant", map[string]any{"room": name, "identity": p.Identity})
		return false
	case silent == p.Permission.CanPublish || p.Attributes[nodeKey] != d.node:
		d.decide(ctx, name, "UpdateParticipant", map[string]any{
			"room": name, "identity": p.Identity, "permission": permissionOf(silent), "attributes": map[string]string{nodeKey: d.node},
		})
	}
	return true
}

// seatOf is the seat here of somebody at LiveKit. over: they had one here, and should not be in voice any more.
func (d *Desk) seatOf(name string, p participant) (s *seat, over bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	ours := p.Attributes[nodeKey] == d.node
	r := d.rooms[name]
	if r == nil {
		return nil, ours
	}
	r.keep = time.Now().Add(tokensGone)
	s = r.seats[p.Identity]
	switch {
	case s == nil:
		return nil, ours
	case s.gone.IsZero():
		return s, false
	case !ours: // they are connected to another node by now
		delete(r.seats, p.Identity)
		return nil, false
	case time.Since(s.gone) > d.opt.Grace:
		delete(r.seats, p.Identity)
		return nil, true
	}
	return s, false
}

func (d *Desk) decide(ctx context.Context, name, method string, body map[string]any) {
	d.opt.Log.Info("LiveKit is told what a room has decided", "method", method, "room", name, "client", body["identity"])
	if err := d.ask(ctx, method, grants{Room: name, RoomAdmin: true}, body, nil); err != nil && ctx.Err() == nil {
		d.opt.Log.Warn("LiveKit does not do what a room has decided; it is told again", "method", method, "room", name, "err", err)
		d.heat(name)
	}
}

// stale says that who talks may be out of date.
func (d *Desk) stale(name string) {
	d.mu.Lock()
	r := d.rooms[name]
	if r == nil || len(r.told.People) == 0 {
		d.mu.Unlock()
		return
	}
	old := *r.told
	d.mu.Unlock()
	old.Stale = true
	d.tell(name, &old)
}

// tell tells the room's clients here who talks, when that has changed. Who is gone for good without having talked has no seat any more.
func (d *Desk) tell(name string, people *wire.VoicePeople) {
	d.mu.Lock()
	defer d.mu.Unlock() // Tell does not wait, and what is told stays in order
	r := d.rooms[name]
	if r == nil {
		return
	}
	for client, s := range r.seats {
		if !s.gone.IsZero() && time.Since(s.gone) > d.opt.Grace {
			delete(r.seats, client)
		}
	}
	if reflect.DeepEqual(r.told, people) {
		return
	}
	r.told = people
	for _, s := range r.seats {
		if s.gone.IsZero() {
			s.who.Tell(people)
		}
	}
}
