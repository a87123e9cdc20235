package moving

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"codecollab.dev/internal/history"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/wire"
)

// roomCheck goes through the log of one room, and compares what is kept beside it on the way.
type roomCheck struct {
	q      querier
	id     int64
	name   string
	prefix string // of tables, in the SQL that people are told to use
	report *Report

	next   int64        // the version that the next event must have
	fold   *room.Replay // nil: the log cannot be folded from here on
	snaps  []int64      // versions of the snapshots that are still to come
	marks  []int64
	blocks []int64
	block  int64 // the last event in the blocks so far
}

// pageEvents is how many events are read at a time.
const pageEvents = 500

func (c *roomCheck) run(ctx context.Context) error {
	var head int64
	err := c.q.QueryRowContext(ctx, fmt.Sprintf("SELECT name, head FROM rooms.rooms WHERE id = %d", c.id)).Scan(&c.name, &head)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // it was deleted meanwhile
	}
	if err != nil {
		return err
	}
	if store.BeingDeleted(c.name) {
		c.report.Leaving++
		return nil
	}
	c.report.Rooms++
	c.next, c.fold = 1, room.NewReplay()
	for table, list := range map[string]*[]int64{"snapshots": &c.snaps, "history_marks": &c.marks, "history_blocks": &c.blocks} {
		if *list, err = column1[int64](ctx, c.q, fmt.Sprintf("SELECT version FROM rooms.%s WHERE room = %d ORDER BY version", table, c.id)); err != nil {
			return err
		}
	}
	if err := c.checkBlocks(ctx); err != nil {
		return err
	}
	if err := c.checkEvents(ctx); err != nil {
		return err
	}
	if c.next-1 != head {
		what := fmt.Sprintf("the room says that its last version is %d, but its log ends with %d", head, c.next-1)
		c.found("the head", 0, "head", what, c.lostOrBehind(head, c.next-1))
	}
	c.beyond("the snapshot", "snapshots", c.snaps)
	c.beyond("the history mark", "history_marks", c.marks)
	if c.block >= c.next {
		c.found("the history block", c.block, "beyond", "the log does not reach it", c.again("history_blocks", c.block))
	}
	return nil
}

// lostOrBehind is what is to be done about a head that is not the log's end.
func (c *roomCheck) lostOrBehind(head, last int64) string {
	if head > last {
		return fromBackup
	}
	return fmt.Sprintf("The log is longer, and it is what counts. While no server runs: UPDATE %srooms SET head = %d WHERE id = %d", c.prefix, last, c.id)
}

func (c *roomCheck) found(where string, version int64, code, what, do string) {
	c.report.found(Finding{Where: where, Room: c.name, Version: version, Code: code, What: what, Do: do})
}

// again is how something that follows from the log is made again.
func (c *roomCheck) again(table string, version int64) string {
	if strings.HasPrefix(table, "history_") { // they belong together
		return fmt.Sprintf("%sDELETE FROM %shistory_blocks WHERE room = %d; DELETE FROM %[2]shistory_marks WHERE room = %[3]d", makeAgain, c.prefix, c.id)
	}
	return fmt.Sprintf("%sDELETE FROM %s%s WHERE room = %d AND version = %d", makeAgain, c.prefix, table, c.id, version)
}

// beyond tells of what is kept of versions that the log does not reach.
func (c *roomCheck) beyond(what, table string, versions []int64) {
	for _, v := range versions {
		if c.fold != nil || v >= c.next {
			c.found(what, v, "beyond", "the log does not reach it", c.again(table, v))
		}
	}
}

// event is a row of the log.
type event struct {
	version, at int64
	kind        string
	data        []byte
}

// checkEvents reads the log in pages, since nothing else can be asked while rows are read.
func (c *roomCheck) checkEvents(ctx context.Context) error {
	for {
		page, err := c.page(ctx)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, e := range page {
			c.report.Events++
			c.checkEvent(e)
			if err := c.checkBeside(ctx, e.version); err != nil {
				return err
			}
		}
	}
}

func (c *roomCheck) page(ctx context.Context) ([]event, error) {
	query := "SELECT version, at, kind, data FROM rooms.events WHERE room = %d AND version >= %d ORDER BY version LIMIT %d"
	rows, err := c.q.QueryContext(ctx, fmt.Sprintf(query, c.id, c.next, pageEvents))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []event
	for rows.Next() {
		var e event
		if err := rows.Scan(&e.version, &e.at, &e.kind, &e.data); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// checkEvent makes sure that an event follows, says what its row says, and fits.
func (c *roomCheck) checkEvent(row event) {
	if row.version != c.next {
		c.found("the log", row.version, "gap", fmt.Sprintf("the events from %d to %d are missing", c.next, row.version-1), fromBackup)
		c.fold = nil
	}
	c.next = row.version + 1
	var e wire.Event
	err := json.Unmarshal(row.data, &e)
	if err == nil && e.Body.Payload == nil {
		err = errors.New("it says nothing")
	}
	if err != nil {
		c.found("the log", row.version, "event_unreadable", fmt.Sprintf("the event cannot be read: %v", err), fromBackup)
		c.fold = nil
		return
	}
	if e.Version != row.version || e.At != row.at || !sameKind(&e, row.kind) {
		c.found("the log", row.version, "event_differs", fmt.Sprintf("the event calls itself number %d, of the kind %q, at %d, but it is kept as %q at %d",
			e.Version, e.Body.Kind(), e.At, row.kind, row.at), fromBackup)
	}
	if c.fold == nil {
		return
	}
	if err := c.fold.Apply(&e); err != nil {
		c.found("the log", row.version, "event_unfit", fmt.Sprintf("the event does not fit what came before: %v", err), fromBackup)
		c.fold = nil
	}
}

// sameKind reports whether a row tells the kind of its event. Chat that is forgotten is of a kind of its own.
func sameKind(e *wire.Event, kind string) bool {
	if c, ok := e.Body.Payload.(*wire.Chat); ok && kind == store.Forgotten {
		return c.Text == ""
	}
	return e.Body.Kind() == kind
}

// checkBeside compares what is kept of the room at a version with what the log has come to.
func (c *roomCheck) checkBeside(ctx context.Context, v int64) error {
	if i, there := slices.BinarySearch(c.snaps, v); there {
		data, err := c.kept(ctx, "snapshots", v)
		if err != nil {
			return err
		}
		c.report.Snapshots++
		c.checkSnapshot(v, data)
		c.snaps = slices.Delete(c.snaps, i, i+1)
	}
	if i, there := slices.BinarySearch(c.marks, v); there {
		data, err := c.kept(ctx, "history_marks", v)
		if err != nil {
			return err
		}
		if c.fold != nil {
			if err := history.CheckMark(history.Part{Version: v, Data: data}, c.fold.Files()); err != nil {
				c.found("the history mark", v, "history", err.Error(), c.again("history_marks", v))
			}
		}
		c.marks = slices.Delete(c.marks, i, i+1)
	}
	return nil
}

func (c *roomCheck) kept(ctx context.Context, table string, v int64) (data []byte, err error) {
	err = c.q.QueryRowContext(ctx, fmt.Sprintf("SELECT data FROM rooms.%s WHERE room = %d AND version = %d", table, c.id, v)).Scan(&data)
	return data, err
}

// checkSnapshot compares a snapshot. Where the log is damaged before it, it is all that is left: then it is not complained of.
func (c *roomCheck) checkSnapshot(v int64, data []byte) {
	if c.fold == nil {
		return
	}
	parts, err := c.fold.Differs(room.Snapshot{Version: v, Data: data})
	switch {
	case err != nil:
		c.found("the snapshot", v, "snapshot", fmt.Sprintf("the snapshot cannot be read: %v", err), c.again("snapshots", v))
	case len(parts) > 0:
		c.found("the snapshot", v, "snapshot", "the snapshot is not what the log comes to; it differs in "+strings.Join(parts, ", "),
			"Either the snapshot or an event before it was changed. Compare with a backup. If the log is right, remove the snapshot: "+c.again("snapshots", v))
	}
}

// checkBlocks makes sure that the blocks of the history follow each other.
func (c *roomCheck) checkBlocks(ctx context.Context) error {
	for _, v := range c.blocks {
		data, err := c.kept(ctx, "history_blocks", v)
		if err != nil {
			return err
		}
		c.report.Blocks++
		if _, err := history.CheckBlock(history.Part{Version: v, Data: data}, c.block); err != nil {
			c.found("the history block", v, "history", err.Error(), c.again("history_blocks", v))
		}
		c.block = v
	}
	return nil
}
