package moving

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Finding is something that is not as it should be.
type Finding struct {
	Where   string `json:"where"`             // the table, or the file
	Room    string `json:"room,omitempty"`    // its name
	Version int64  `json:"version,omitempty"` // the event, or the last one that a snapshot or block is made of
	Code    string `json:"code"`
	What    string `json:"what"`
	Do      string `json:"do"`
}

// String is the finding as people read it.
func (f Finding) String() string {
	where := f.Where
	if f.Room != "" {
		where = fmt.Sprintf("room %q, %s", f.Room, where)
	}
	if f.Version != 0 {
		where += fmt.Sprintf(" at version %d", f.Version)
	}
	return fmt.Sprintf("%s: %s. %s", where, f.What, f.Do)
}

// Report is what was looked at, and what was found.
type Report struct {
	Place     string    `json:"place"`
	Rooms     int64     `json:"rooms"`
	Events    int64     `json:"events"`
	Snapshots int64     `json:"snapshots"`
	Blocks    int64     `json:"history_blocks"`
	Leaving   int64     `json:"rooms_being_deleted"`
	Findings  []Finding `json:"findings"`
	Unsaid    int64     `json:"findings_left_out"` // beyond so many they are only counted
	Notes     []string  `json:"notes"`             // what could not be checked
}

// Well reports whether nothing was found.
func (r *Report) Well() bool { return len(r.Findings) == 0 }

// findingsMost bounds a report: a damage of more places is one of the disk.
const findingsMost = 500

func (r *Report) found(f Finding) {
	if len(r.Findings) >= findingsMost {
		r.Unsaid++
		return
	}
	r.Findings = append(r.Findings, f)
}

// What is to be done, in the order in which it hurts.
const (
	fromBackup = "What the log has lost is in a backup that is older than the damage: restore it into a new place (codecollab restore) and compare"
	makeAgain  = "It is made again from the log; remove it with: "
)

// Verify looks at everything in a place that can be checked: that each room's log has no gap, that each event can be read and fits,
// that the room's head, its snapshots and its history are what follows from the log; and the files themselves. Servers may run.
func Verify(ctx context.Context, place Place, tell func(Step)) (*Report, error) {
	r, err := place.read(ctx)
	if err != nil {
		return nil, err
	}
	defer r.close()
	report := &Report{Place: place.String(), Findings: []Finding{}, Notes: []string{}}
	if place.URL == "" {
		err = r.checkFiles(ctx, report, tell)
	} else {
		err = r.checkServer(ctx, report)
	}
	if err == nil {
		err = r.checkAudit(ctx, report)
	}
	if err == nil {
		err = r.checkRooms(ctx, report, tell)
	}
	return report, err
}

// checkFiles has SQLite look at its pages and indexes.
func (r *reader) checkFiles(ctx context.Context, report *Report, tell func(Step)) error {
	for _, schema := range schemas {
		tell(Step{Doing: "checking the file " + schema + ".db"})
		said, err := column1[string](ctx, r.conn, "PRAGMA "+schema+".integrity_check(20)")
		if err != nil && ctx.Err() != nil {
			return err
		}
		if err != nil {
			said = append(said, err.Error())
		}
		for _, line := range said {
			if line != "ok" {
				report.found(Finding{Where: schema + ".db", Code: "damaged_file", What: "SQLite says: " + line,
					Do: "The file is damaged, maybe by its disk. Stop the server, copy the folder as it is, and restore the newest backup"})
			}
		}
		if err := r.checkReferences(ctx, schema, report); err != nil && ctx.Err() != nil {
			return err
		}
	}
	return nil
}

// checkReferences finds rows that belong to nothing.
func (r *reader) checkReferences(ctx context.Context, schema string, report *Report) error {
	rows, err := r.conn.QueryContext(ctx, "PRAGMA "+schema+".foreign_key_check")
	if err != nil {
		return err
	}
	defer rows.Close()
	orphans := map[[2]string]int{}
	for rows.Next() {
		var table, parent string
		var rowid, constraint sql.NullInt64
		if err := rows.Scan(&table, &rowid, &parent, &constraint); err != nil {
			return err
		}
		orphans[[2]string{table, parent}]++
	}
	for names, n := range orphans {
		report.found(Finding{Where: schema + "." + names[0], Code: "orphans",
			What: fmt.Sprintf("%d rows belong to rows of %s that are not there", n, names[1]), Do: fromBackup})
	}
	return rows.Err()
}

// checkServer asks Postgres whether it would notice a damaged page.
func (r *reader) checkServer(ctx context.Context, report *Report) error {
	var sums string
	if err := r.conn.QueryRowContext(ctx, "SHOW data_checksums").Scan(&sums); err != nil {
		return err
	}
	if sums != "on" {
		report.Notes = append(report.Notes, "This Postgres keeps no checksums of its pages, so a disk that changes a letter in the middle of a text "+
			"may go unnoticed: see pg_checksums --enable in its manual.")
	}
	return nil
}

// checkAudit makes sure that the audit log is guarded by the database itself.
func (r *reader) checkAudit(ctx context.Context, report *Report) error {
	query := "SELECT name FROM people.sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
	if r.URL != "" {
		query = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'people.audit'::regclass AND NOT tgisinternal AND tgenabled <> 'D'"
	}
	there, err := column1[string](ctx, r.conn, query)
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		report.found(Finding{Where: "people.audit", Code: "unreadable", What: "the table cannot be read: " + err.Error(), Do: fromBackup})
		return nil
	}
	for _, want := range []string{"audit_no_update", "audit_no_delete"} {
		if !strings.Contains(strings.Join(there, " "), want) {
			report.found(Finding{Where: "people.audit", Code: "audit_open",
				What: "the trigger " + want + " is gone, without which lines of the audit log can be changed",
				Do:   "Find out who removed it. A restored backup has it again"})
		}
	}
	return nil
}

// checkRooms looks at all rooms, one after the other, each as it is at one moment.
func (r *reader) checkRooms(ctx context.Context, report *Report, tell func(Step)) error {
	var total, done int64
	if err := r.conn.QueryRowContext(ctx, "SELECT count(*) FROM rooms.rooms").Scan(&total); err != nil {
		return r.unreadable(ctx, report, err)
	}
	for last := int64(0); ; {
		ids, err := column1[int64](ctx, r.conn, fmt.Sprintf("SELECT id FROM rooms.rooms WHERE id > %d ORDER BY id LIMIT 500", last))
		if err != nil {
			return r.unreadable(ctx, report, err)
		}
		if len(ids) == 0 {
			return r.checkLost(ctx, report)
		}
		for _, id := range ids {
			if err := r.checkRoom(ctx, id, report); err != nil {
				return err
			}
			done++
			tell(Step{"checking rooms", done, total})
		}
		last = ids[len(ids)-1]
	}
}

func (r *reader) unreadable(ctx context.Context, report *Report, err error) error {
	if ctx.Err() != nil {
		return errors.Join(err, ctx.Err())
	}
	report.found(Finding{Where: "rooms.rooms", Code: "unreadable", What: "the list of rooms cannot be read: " + err.Error(), Do: fromBackup})
	return nil
}

// checkLost finds logs without a room.
func (r *reader) checkLost(ctx context.Context, report *Report) error {
	var n int64
	const lost = "SELECT count(*) FROM (SELECT DISTINCT room FROM rooms.events) e WHERE room NOT IN (SELECT id FROM rooms.rooms)"
	err := r.conn.QueryRowContext(ctx, lost).Scan(&n)
	if err != nil {
		return r.unreadable(ctx, report, err)
	}
	if n > 0 {
		report.found(Finding{Where: "rooms.events", Code: "room_gone",
			What: fmt.Sprintf("there are logs of %d rooms that are not in the list of rooms", n), Do: fromBackup})
	}
	return nil
}

// checkRoom looks at one room. Only the end of ctx is an error; what cannot be read is a finding.
func (r *reader) checkRoom(ctx context.Context, id int64, report *Report) error {
	tx, err := r.moment(ctx)
	if err == nil {
		c := &roomCheck{q: tx, id: id, report: report}
		if r.URL != "" {
			c.prefix = "rooms."
		}
		err = errors.Join(c.run(ctx), tx.Rollback())
	}
	if err != nil && ctx.Err() == nil {
		report.found(Finding{Where: "rooms.rooms", Room: fmt.Sprint("number ", id), Code: "unreadable",
			What: "what is kept of the room cannot be read: " + err.Error(), Do: fromBackup})
		return nil
	}
	return err
}
