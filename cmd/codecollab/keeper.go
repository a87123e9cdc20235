package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/gate"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/store/people"
	"codecollab.dev/internal/wire"
)

// keeper looks after what is kept: it removes what has been kept for as long as the settings say, takes the names of people who
// have been deleted out of rooms, and gives people what rooms have of them. It satisfies gate.RoomData.
type keeper struct {
	rooms  *room.Rooms
	db     *store.Store
	people *people.Store
	runs   *run.Service
	set    config.Settings
	log    *slog.Logger
	kick   chan struct{} // there is somebody to erase
	turns  *turns
}

func newKeeper(rooms *room.Rooms, db *store.Store, runs *run.Service, t *turns, s config.Settings, log *slog.Logger) *keeper {
	return &keeper{rooms: rooms, db: db, runs: runs, set: s, log: log, kick: make(chan struct{}, 1), turns: t}
}

const (
	sweepEvery = time.Hour
	sweepAgain = time.Minute // after another node was at it
	sweepRooms = 100         // rooms that one look for idle ones removes before it looks again
)

// work sweeps now and then until ctx ends, when no other node does.
func (k *keeper) work(ctx context.Context) {
	t := time.NewTimer(0)
	defer t.Stop()
	for {
		var swept error
		mine, err := k.turns.take(ctx, "keeper", func(ctx context.Context) { swept = errors.Join(k.erase(ctx), k.sweep(ctx, time.Now())) })
		next := sweepEvery
		if !mine { // who does it now may have begun before there was somebody to erase here
			next = sweepAgain
		}
		if err := errors.Join(err, swept); err != nil && ctx.Err() == nil {
			k.log.Error("what should not be kept any more is still there; it is tried again", "in", next, "err", err)
		}
		t.Reset(next)
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-k.kick:
		}
	}
}

// sweep removes what has been kept for long enough, and writes into the audit log how much that was.
func (k *keeper) sweep(ctx context.Context, now time.Time) error {
	var errs []error
	detail := map[string]string{}
	count := func(what string, n int64, err error) {
		errs = append(errs, err)
		if n > 0 {
			detail[what] = strconv.FormatInt(n, 10)
		}
	}
	n, err := k.people.KeepAudit(ctx, k.set.AuditKeep)
	count("audit", n, err)
	if k.set.HintsKeep > 0 {
		n, err := k.db.ForgetHintsBefore(ctx, now.Add(-k.set.HintsKeep).UnixMilli())
		count("hints", n, err)
	}
	if k.set.ChatKeep > 0 {
		n, err := k.db.ForgetChat(ctx, now.Add(-k.set.ChatKeep).UnixMilli())
		count("chat", n, err)
	}
	if k.set.RoomKeep > 0 {
		n, err := k.endIdle(ctx, now.Add(-k.set.RoomKeep))
		count("rooms", n, err)
	}
	if len(detail) > 0 {
		errs = append(errs, k.people.Append(ctx, auth.Entry{At: now, Action: auth.ActSwept, Outcome: auth.OK, Detail: detail}))
	}
	return errors.Join(errs...)
}

// errInUse is why a room is not ended that looked idle.
var errInUse = errors.New("somebody is there")

// endIdle ends the rooms in which nobody has been since a time.
func (k *keeper) endIdle(ctx context.Context, since time.Time) (n int64, err error) {
	for {
		idle, err := k.db.IdleRooms(ctx, since.UnixMilli(), sweepRooms)
		if err != nil {
			return n, err
		}
		ended := 0
		for _, id := range idle {
			switch err := k.end(ctx, id, func(r *room.Room) error {
				if !r.Empty() {
					return errInUse
				}
				return nil
			}); {
			case errors.Is(err, errInUse), codecollab.CodeOf(err) == "no_room":
			case err != nil:
				return n, err
			default:
				ended++
				n++
				k.log.Info("a room is deleted in which nobody has been for long", "room", id, "since", since)
				err := k.people.Append(ctx, auth.Entry{At: time.Now(), Action: auth.ActRoomEnded, Target: id, Outcome: auth.OK, Detail: map[string]string{"why": "idle"}})
				if err != nil {
					return n, err
				}
			}
		}
		if ended == 0 || len(idle) < sweepRooms {
			return n, nil
		}
	}
}

// end ends a room, its runs first.
func (k *keeper) end(ctx context.Context, id string, check func(*room.Room) error) error {
	return k.rooms.End(ctx, id, func(r *room.Room) error {
		if err := check(r); err != nil {
			return err
		}
		for _, run := range r.Unfinished() {
			k.runs.Stop(id, run, "")
		}
		return nil
	}, func() error { return k.db.DeleteRoom(ctx, id) })
}

// Left implements gate.RoomData.
func (k *keeper) Left(ctx context.Context, ids []string) ([]gate.LeftRoom, error) {
	names, err := k.db.RoomsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []gate.LeftRoom{}
	for _, name := range names {
		err := k.rooms.Use(ctx, name, func(r *room.Room) error {
			share := r.ShareOf(ids)
			if !share.Owner || !share.Alone {
				return nil
			}
			left := gate.LeftRoom{Room: name, Title: share.Title}
			heir, err := k.heir(ctx, name, share.Heirs)
			left.Heir, left.Name = heir.Person, heir.Name
			out = append(out, left)
			return err
		})
		if err != nil && codecollab.CodeOf(err) != "no_room" {
			return nil, err
		}
	}
	return out, nil
}

// heir is who of a room's editors was there last.
func (k *keeper) heir(ctx context.Context, name string, editors []wire.Person) (wire.Person, error) {
	var ids []string
	for _, p := range editors {
		ids = append(ids, p.Person)
	}
	last, err := k.db.LastOf(ctx, name, ids)
	for _, p := range editors {
		if p.Person == last {
			return p, err
		}
	}
	return wire.Person{}, err
}

// Leave implements gate.RoomData.
func (k *keeper) Leave(ctx context.Context, ids []string, end bool) error {
	left, err := k.Left(ctx, ids)
	if err != nil {
		return err
	}
	for _, l := range left {
		if end || l.Heir == "" {
			err = k.end(ctx, l.Room, func(*room.Room) error { return nil })
		} else {
			err = k.rooms.Use(ctx, l.Room, func(r *room.Room) error { return r.HandOn(ctx, ids[0], l.Heir) })
		}
		if err != nil && codecollab.CodeOf(err) != "no_room" {
			return err
		}
	}
	return nil
}

// Uninvite implements gate.RoomData.
func (k *keeper) Uninvite(ctx context.Context, email string) error { return k.db.Uninvite(ctx, email) }

// Erase implements gate.RoomData.
func (k *keeper) Erase() {
	select {
	case k.kick <- struct{}{}:
	default: // it is about to begin anyway
	}
}

// erase takes the names of people who have been deleted out of all rooms. What a stopped server has not done the next one does.
func (k *keeper) erase(ctx context.Context) error {
	ids, err := k.people.Unerased(ctx)
	if err != nil || len(ids) == 0 {
		return err
	}
	names, err := k.db.RoomsOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, name := range names {
		err := k.rooms.Use(ctx, name, func(r *room.Room) error { return r.Rename(ctx, ids, auth.DeletedPerson) })
		if err == nil {
			err = k.db.Erase(ctx, name, ids, auth.DeletedPerson)
			k.rooms.Reread(name)
		}
		if err != nil && codecollab.CodeOf(err) != "no_room" {
			return err
		}
	}
	if err := k.db.ForgetHints(ctx, ids); err != nil {
		return err
	}
	return k.people.Erased(ctx, ids)
}

// Export implements gate.RoomData.
func (k *keeper) Export(ctx context.Context, ids []string, write func(list string, v any) error) error {
	names, err := k.db.RoomsOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, name := range names {
		err := k.rooms.Use(ctx, name, func(r *room.Room) error {
			share := r.ShareOf(ids)
			return write("rooms", map[string]any{"room": name, "title": share.Title, "role": share.Role, "name": share.Name})
		})
		if err != nil && codecollab.CodeOf(err) != "no_room" {
			return err
		}
	}
	for _, l := range []struct{ list, kind string }{{"chat", "chat"}, {"runs", "run"}} {
		err := k.db.WrittenBy(ctx, ids, []string{l.kind}, func(w store.Written) error {
			var e wire.Event
			if err := json.Unmarshal(w.Data, &e); err != nil {
				return err
			}
			return write(l.list, map[string]any{"room": w.Room, "version": e.Version, "at": time.UnixMilli(e.At).UTC(), "what": e.Body})
		})
		if err != nil {
			return err
		}
	}
	return k.db.HintsOf(ctx, ids, func(h map[string]any) error { return write("hints", h) })
}
