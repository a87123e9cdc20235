package moving

import (
	"database/sql"
	"os"
	"slices"
	"strings"
	"testing"

	"codecollab.dev/internal/store/engine"
)

// damage runs statements on one file of a folder, with no regard for what belongs together.
func damage(t *testing.T, p Place, schema string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", engine.DSN(p.file(schema)))
	must(t, err)
	defer db.Close()
	for _, s := range statements {
		res, err := db.Exec(s)
		must(t, err)
		if n, err := res.RowsAffected(); !strings.HasPrefix(s, "DROP") && (err != nil || n == 0) {
			t.Fatalf("%s changes nothing (%v)", s, err)
		}
	}
}

func codes(r *Report) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Code)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestVerifyFindsDamage damages a good database in one way after the other.
func TestVerifyFindsDamage(t *testing.T) {
	good := Place{Dir: t.TempDir()}
	furnish(t, good, "calm-heron", "red-fox", "blue-owl")
	report, err := Verify(t.Context(), good, quiet)
	must(t, err)
	if !report.Well() || report.Rooms != 3 || report.Snapshots < 6 || report.Blocks != 18 || report.Events < 3*typedWords {
		t.Fatalf("the good one: %+v", report)
	}
	const fox = "(SELECT id FROM rooms WHERE name = 'red-fox')"
	for _, c := range []struct {
		name, schema, statement string
		want                    string // the code
		room                    string
		version                 int64
	}{
		{"an event in the middle is deleted", "rooms", "DELETE FROM events WHERE room = " + fox + " AND version = 20", "gap", "red-fox", 21},
		{"the last event is deleted", "rooms", "DELETE FROM events WHERE room = " + fox + " AND version = (SELECT head FROM rooms WHERE name = 'red-fox')", "head", "red-fox", 0},
		{"the first event is deleted", "rooms", "DELETE FROM events WHERE room = " + fox + " AND version = 1", "gap", "red-fox", 2},
		{"all events are deleted", "rooms", "DELETE FROM events WHERE room = " + fox, "head", "red-fox", 0},
		{"a byte of an event's form", "rooms", "UPDATE events SET data = CAST(replace(data, '{', '[') AS BLOB) WHERE room = " + fox + " AND version = 30", "event_unreadable", "red-fox", 30},
		{"a letter of what was typed", "rooms", "UPDATE events SET data = CAST(replace(data, 'w10', 'v10') AS BLOB) WHERE room = " + fox + " AND instr(data, 'w10')", "snapshot", "red-fox", 0},
		{"the length of an edit", "rooms", "UPDATE events SET data = CAST(replace(data, 'w10 ', 'w1000 ') AS BLOB) WHERE room = " + fox + " AND instr(data, 'w10 ')", "event_unfit", "red-fox", 0},
		{"an event that says nothing", "rooms", "UPDATE events SET data = CAST(replace(data, '\"body\"', '\"bodx\"') AS BLOB) WHERE room = " + fox + " AND version = 30", "event_unreadable", "red-fox", 30},
		{"two events are swapped", "rooms", "UPDATE events SET data = (SELECT data FROM events WHERE room = " + fox + " AND version = 31) WHERE room = " + fox + " AND version = 30",
			"event_differs", "red-fox", 30},
		{"a kind", "rooms", "UPDATE events SET kind = 'edit' WHERE room = " + fox + " AND kind = 'chat'", "event_differs", "red-fox", 0},
		{"a time", "rooms", "UPDATE events SET at = at + 1 WHERE room = " + fox + " AND version = 12", "event_differs", "red-fox", 12},
		{"the head is too high", "rooms", "UPDATE rooms SET head = head + 1 WHERE name = 'red-fox'", "head", "red-fox", 0},
		{"the head is too low", "rooms", "UPDATE rooms SET head = head - 1 WHERE name = 'red-fox'", "head", "red-fox", 0},
		{"a snapshot's text", "rooms", "UPDATE snapshots SET data = CAST(replace(data, 'w10', 'v10') AS BLOB) WHERE room = " + fox + " AND instr(data, 'w10')", "snapshot", "red-fox", 0},
		{"a snapshot that is no JSON", "rooms", "UPDATE snapshots SET data = x'7b' WHERE room = " + fox, "snapshot", "red-fox", 0},
		{"a snapshot of the future", "rooms", "INSERT INTO snapshots SELECT room, 1000, data FROM snapshots WHERE room = " + fox + " LIMIT 1", "beyond", "red-fox", 1000},
		{"a block is gone", "rooms", "DELETE FROM history_blocks WHERE room = " + fox + " AND version = 20", "history", "red-fox", 30},
		{"a mark is broken", "rooms", "UPDATE history_marks SET data = x'00' WHERE room = " + fox, "history", "red-fox", 0},
		{"a room is gone, its log is not", "rooms", "DELETE FROM rooms WHERE name = 'red-fox'", "room_gone", "", 0},
		{"a member of no organisation", "people", "DELETE FROM orgs", "orphans", "", 0},
		{"the audit log is open", "people", "DROP TRIGGER audit_no_delete", "audit_open", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := copyOf(t, good)
			damage(t, bad, c.schema, c.statement)
			report, err := Verify(t.Context(), bad, quiet)
			must(t, err)
			i := slices.IndexFunc(report.Findings, func(f Finding) bool { return f.Code == c.want })
			if i < 0 {
				t.Fatalf("not found: %v", codes(report))
			}
			f := report.Findings[i]
			if f.Room != c.room || c.version != 0 && f.Version != c.version || f.What == "" || f.Do == "" {
				t.Errorf("found: %+v", f)
			}
			for _, f := range report.Findings {
				if f.Room != "" && f.Room != "red-fox" {
					t.Errorf("another room: %v", f)
				}
			}
		})
	}
}

// TestVerifyFindsADamagedFile overwrites bytes as a failing disk would.
func TestVerifyFindsADamagedFile(t *testing.T) {
	p := Place{Dir: t.TempDir()}
	furnish(t, p, "calm-heron", "red-fox")
	st, err := os.Stat(p.file("rooms"))
	must(t, err)
	f, err := os.OpenFile(p.file("rooms"), os.O_RDWR, 0)
	must(t, err)
	for at := int64(4096); at < st.Size(); at += 4096 { // the beginning of every page but the first: its kind, and where its cells are
		_, err := f.WriteAt([]byte{0x77, 0x77, 0x77, 0x77, 0x77, 0x77}, at)
		must(t, err)
	}
	must(t, f.Close())
	report, err := Verify(t.Context(), p, quiet)
	must(t, err)
	if report.Well() {
		t.Error("nothing is found")
	}
	if !slices.Contains(codes(report), "damaged_file") {
		t.Errorf("found: %v", report.Findings)
	}
}

// copyOf copies the files of a place that nobody uses.
func copyOf(t *testing.T, p Place) Place {
	t.Helper()
	out := Place{Dir: t.TempDir()}
	for _, schema := range schemas {
		data, err := os.ReadFile(p.file(schema))
		must(t, err)
		must(t, os.WriteFile(out.file(schema), data, 0o600))
	}
	return out
}
