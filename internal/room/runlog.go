package room

import (
	"context"
	"encoding/json"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

const (
	// finishPage is how many ends of runs are read at a time: each may hold the whole output that is kept of one.
	finishPage = 16
	// finishBeyond is how many ends of other runs may lie between a run and its own. No room has as many runs at once.
	finishBeyond = 64
)

// RunsBefore reads a page of a room's runs, oldest first, of those asked for before a version (0: the newest ones), without what
// they printed. more says that there are older ones.
func RunsBefore(ctx context.Context, log Finder, room string, before codecollab.Version, limit int) (page []wire.RunRecord, more bool, err error) {
	records, err := log.Find(ctx, room, Find{Kinds: []string{"run"}, Before: before, Limit: limit + 1})
	if err != nil {
		return nil, false, err
	}
	if more = len(records) > limit; more {
		records = records[:limit]
	}
	page = make([]wire.RunRecord, len(records))
	for i, rec := range records {
		if page[len(records)-1-i], err = requestOf(rec); err != nil {
			return nil, false, err
		}
	}
	err = finishes(ctx, log, room, page)
	for i := range page {
		if f := page[i].Finish; f != nil {
			f.Output = []wire.Chunk{}
		}
	}
	return page, more, err
}

// RunOf reads one run of a room, with what it printed. Error "no_run".
func RunOf(ctx context.Context, log Finder, room string, run codecollab.Version) (wire.RunRecord, error) {
	records, err := log.Find(ctx, room, Find{Kinds: []string{"run"}, After: run - 1, Before: run + 1, Limit: 1})
	if err != nil {
		return wire.RunRecord{}, err
	}
	if len(records) == 0 {
		return wire.RunRecord{}, codecollab.Errorf(codecollab.NotFound, "no_run", "There is no run %d in this room.", run)
	}
	r, err := requestOf(records[0])
	if err != nil {
		return r, err
	}
	one := []wire.RunRecord{r}
	err = finishes(ctx, log, room, one)
	return one[0], err
}

func requestOf(rec Record) (r wire.RunRecord, err error) {
	var e wire.Event
	if err := json.Unmarshal(rec.Data, &e); err != nil {
		return r, err
	}
	r = wire.RunRecord{Run: e.Version, At: e.At, By: e.By}
	if b, ok := e.Body.Payload.(*wire.Run); ok {
		r.Request = *b
	}
	return r, nil
}

// finishes fills in how runs, oldest first, have ended.
func finishes(ctx context.Context, log Finder, room string, runs []wire.RunRecord) error {
	open := map[codecollab.Version]*wire.RunRecord{}
	for i := range runs {
		open[runs[i].Run] = &runs[i]
	}
	f := Find{Kinds: []string{"finish"}, OldestFirst: true, Limit: finishPage}
	if len(runs) > 0 {
		f.After = runs[0].Run
	}
	for read := 0; len(open) > 0 && read < len(runs)+finishBeyond; read += finishPage {
		records, err := log.Find(ctx, room, f)
		if err != nil || len(records) == 0 {
			return err
		}
		for _, rec := range records {
			var e wire.Event
			if err := json.Unmarshal(rec.Data, &e); err != nil {
				return err
			}
			if b, ok := e.Body.Payload.(*wire.Finish); ok && open[b.Run] != nil {
				open[b.Run].Finish = b
				delete(open, b.Run)
			}
			f.After = rec.Version
		}
	}
	return nil
}
