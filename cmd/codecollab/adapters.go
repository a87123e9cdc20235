package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/server"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/wire"
)

// runRooms is the rooms as package run needs them.
type runRooms struct {
	rooms     *room.Rooms
	store     *store.Store
	filesMost int64 // bytes of files that a room keeps
	log       *slog.Logger
}

// sweepBack is how far back requests without result are looked for.
const sweepBack = 24 * time.Hour

// Program implements run.Rooms: the files as they were at the event that asked for the run.
func (rr *runRooms) Program(ctx context.Context, id string, v int64) (run.Program, error) {
	var open bool
	var terminal *wire.Size
	err := rr.rooms.Use(ctx, id, func(r *room.Room) error { open, terminal = r.Running(v), r.TerminalOf(v); return nil })
	if err == nil && !open {
		err = codecollab.Errorf(codecollab.NotFound, "no_run", "Run %d has ended.", v)
	}
	if err != nil {
		return run.Program{}, err
	}
	state, err := rr.rooms.At(ctx, id, v)
	if err != nil {
		return run.Program{}, err
	}
	i := slices.IndexFunc(state.Runs, func(r wire.RunRecord) bool { return r.Run == v })
	if i < 0 {
		return run.Program{}, codecollab.Errorf(codecollab.NotFound, "no_run", "Event %d asks for no run.", v)
	}
	req := state.Runs[i].Request
	p := run.Program{Language: req.Language, Stdin: req.Stdin, Args: req.Args, Terminal: terminal}
	for _, f := range state.Files {
		if f.ID == req.File {
			p.Main = f.Name
		}
		p.Files = append(p.Files, run.File{Name: f.Name, Content: f.Text.String()})
	}
	return p, nil
}

// Progress implements run.Rooms.
func (rr *runRooms) Progress(id string, s wire.RunState) {
	rr.use(id, func(r *room.Room) { r.Progress(s) })
}

// Output implements run.Rooms.
func (rr *runRooms) Output(id string, v int64, stream, data string) {
	rr.use(id, func(r *room.Room) { r.Output(v, stream, data) })
}

// use is for what is lost without harm when the room cannot be had.
func (rr *runRooms) use(id string, f func(*room.Room)) {
	_ = rr.rooms.Use(context.Background(), id, func(r *room.Room) error { f(r); return nil })
}

// Finish implements run.Rooms. That the files could not be kept is part of the result.
func (rr *runRooms) Finish(ctx context.Context, id string, f wire.Finish, files []run.Found) error {
	if len(files) > 0 {
		keep := make([]store.RunFile, len(files))
		for i, one := range files {
			keep[i] = store.RunFile{Name: one.Name, Type: server.FileKind(one.Name, one.Data), Data: one.Data}
		}
		if err := rr.store.PutFiles(ctx, id, f.Run, keep, rr.filesMost); err != nil {
			rr.log.Error("the files of a run are not kept", "room", id, "run", f.Run, "err", err)
			f.Skipped = append(slices.Clone(f.Skipped), fmt.Sprintf("%d files: the server could not store them", len(files)))
		} else {
			for _, one := range keep {
				f.Files = append(f.Files, wire.RunFile{Name: one.Name, Type: one.Type, Size: int64(len(one.Data))})
			}
		}
	}
	err := rr.rooms.Use(ctx, id, func(r *room.Room) error { return r.Finish(ctx, f) })
	if code := codecollab.CodeOf(err); err != nil && (code == "no_room" || code == "deleted") {
		return errors.Join(err, rr.store.DeleteFiles(ctx, id)) // the room was deleted while its program ran
	}
	return err
}

// Unfinished implements run.Rooms.
func (rr *runRooms) Unfinished(ctx context.Context) ([]run.Job, error) {
	records, err := rr.store.Runs(ctx, time.Now().Add(-sweepBack).UnixMilli())
	if err != nil {
		return nil, err
	}
	open := map[run.Job]bool{}
	var order []run.Job
	for _, rec := range records {
		var e wire.Event
		if err := json.Unmarshal(rec.Data, &e); err != nil {
			return nil, fmt.Errorf("%s, event %d: %w", rec.Room, rec.Version, err)
		}
		job := run.Job{Room: rec.Room, Run: rec.Version}
		if f, ok := e.Body.Payload.(*wire.Finish); ok {
			delete(open, run.Job{Room: rec.Room, Run: f.Run})
			continue
		}
		open[job] = true
		order = append(order, job)
	}
	return slices.DeleteFunc(order, func(j run.Job) bool { return !open[j] }), nil
}

// lateRuns passes requests on to the runs once there are any. What comes before, the sweep at their start finds.
type lateRuns struct {
	mu   sync.Mutex
	runs *run.Service
}

func (l *lateRuns) set(s *run.Service) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.runs = s
}

func (l *lateRuns) request(id string, v int64) {
	l.mu.Lock()
	runs := l.runs
	l.mu.Unlock()
	if runs != nil {
		runs.Request(id, v)
	}
}
