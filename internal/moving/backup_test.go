package moving

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"codecollab.dev/internal/room/roomtest"
	"codecollab.dev/internal/store/engine"
)

// sumsOf are the checksums of all tables of a place.
func sumsOf(t *testing.T, p Place, like Place) Digests {
	t.Helper()
	r, err := p.read(t.Context())
	must(t, err)
	defer r.close()
	l, err := like.read(t.Context())
	must(t, err)
	defer l.close()
	tables, err := catalogue(t.Context(), l.conn)
	must(t, err)
	out := Digests{}
	for _, table := range tables {
		sum, err := count(t.Context(), r.conn, table, 0, quiet)
		must(t, err)
		out[table.String()] = sum.all
	}
	return out
}

func same(t *testing.T, what string, have, want Digests) {
	t.Helper()
	if !reflect.DeepEqual(have, want) {
		for name := range want {
			if have[name] != want[name] {
				t.Errorf("%s: the table %s has %d rows (%.12v), want %d (%.12v)", what, name, have[name].rows, have[name], want[name].rows, want[name])
			}
		}
	}
	if want["rooms.events"].rows == 0 || want["people.audit"].rows == 0 || want["files.run_files"].rows == 0 || want["hints.hint_votes"].rows == 0 {
		t.Errorf("%s: what was compared is empty", what)
	}
}

func furnished(t *testing.T) Place {
	t.Helper()
	p := Place{Dir: t.TempDir()}
	furnish(t, p, "calm-heron", "red-fox")
	must(t, os.WriteFile(filepath.Join(p.Dir, "secret.key"), []byte("0123456789abcdef0123456789abcdef"), 0o600))
	return p
}

func TestBackupAndRestore(t *testing.T) {
	p := furnished(t)
	want := sumsOf(t, p, p)
	for _, name := range []string{"folder", "file.tar", "file.tar.gz"} {
		t.Run(name, func(t *testing.T) {
			to := filepath.Join(t.TempDir(), name)
			made, err := Backup(t.Context(), p, to, "test", quiet)
			must(t, err)
			if !made.Report.Well() || made.Report.Rooms != 2 || !slices.Equal(made.Manifest.Keys, []string{"secret.key"}) {
				t.Errorf("made: %+v %+v", made.Manifest, made.Report)
			}
			onlyMine(t, filepath.Dir(to))
			report, err := VerifyBackup(t.Context(), to, quiet)
			must(t, err)
			if !report.Well() || report.Rooms != 2 {
				t.Errorf("the backup: %+v", report)
			}
			if _, err := Backup(t.Context(), p, to, "test", quiet); err == nil || !strings.Contains(err.Error(), "is there already") {
				t.Errorf("over another one: %v", err)
			}
			target := Place{Dir: filepath.Join(t.TempDir(), "new")}
			out, err := Restore(t.Context(), to, target, quiet)
			must(t, err)
			if !out.Report.Well() || out.Report.Rooms != 2 || len(out.NoKeys) != 0 {
				t.Errorf("restored: %+v %+v", out, out.Report)
			}
			same(t, "restored", sumsOf(t, target, target), want)
			onlyMine(t, target.Dir)
			if key, err := os.ReadFile(filepath.Join(target.Dir, "secret.key")); err != nil || string(key) != "0123456789abcdef0123456789abcdef" {
				t.Errorf("the key: %q %v", key, err)
			}
			s, db := openBoth(t, target) // a server takes it, and goes on where it was
			must(t, s.Append(t.Context(), "red-fox", headOf(t, s, "red-fox"), roomtest.Records(headOf(t, s, "red-fox"), 1)))
			must(t, db.Close(), s.Close())
			if _, err := Restore(t.Context(), to, target, quiet); err == nil || !strings.Contains(err.Error(), "is not empty") {
				t.Errorf("into a full folder: %v", err)
			}
		})
	}
}

// onlyMine makes sure that nobody but the owner reads what was written, and that nothing unfinished is left.
func onlyMine(t *testing.T, dir string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		must(t, err)
		info, err := d.Info()
		must(t, err)
		if path != dir && info.Mode().Perm()&0o077 != 0 && !strings.HasSuffix(path, ".db") || strings.HasSuffix(path, partSuffix) || strings.Contains(path, unfinished) {
			t.Errorf("%s is %v", path, info.Mode())
		}
		return nil
	}))
}

// A backup is of one moment, whatever is written meanwhile: each room's log is whole, and what was acknowledged before is in it.
func TestABackupWhileEditsComeIn(t *testing.T) {
	p := furnished(t)
	s, db := openBoth(t, p)
	const busy = "busy-bee"
	must(t, s.Create(t.Context(), busy, roomtest.Records(0, 1)))
	written := make(chan int64, 1)
	stop := background(func(ctx context.Context) {
		head := int64(1)
		for ctx.Err() == nil {
			if err := s.Append(context.WithoutCancel(ctx), busy, head, roomtest.Records(head, 1)); err != nil {
				t.Error(err)
				return
			}
			head++
			select {
			case <-written:
			default:
			}
			written <- head
		}
	})
	before := <-written
	for before < 50 {
		before = <-written
	}
	to := filepath.Join(t.TempDir(), "b")
	_, err := Backup(t.Context(), p, to, "test", quiet)
	stop()
	must(t, err, db.Close(), s.Close())
	file, err := sql.Open("sqlite", engine.DSN(filepath.Join(to, "rooms.db")))
	must(t, err)
	defer file.Close()
	var head, last, n int64
	must(t, file.QueryRow("SELECT head, (SELECT max(version) FROM events WHERE room = r.id), (SELECT count(*) FROM events WHERE room = r.id) FROM rooms r WHERE name = ?", busy).
		Scan(&head, &last, &n))
	if head != last || head != n || head < before {
		t.Errorf("the head is %d, the last event %d of %d; %d were acknowledged before", head, last, n, before)
	}
}

func TestADamagedBackupIsRefused(t *testing.T) {
	p := furnished(t)
	folder := filepath.Join(t.TempDir(), "b")
	file := filepath.Join(t.TempDir(), "b.tar")
	for _, to := range []string{folder, file} {
		_, err := Backup(t.Context(), p, to, "test", quiet)
		must(t, err)
	}
	flip := func(name string, at int64) {
		t.Helper()
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		must(t, err)
		var b [1]byte
		_, err = f.ReadAt(b[:], at)
		must(t, err)
		b[0] ^= 1
		_, err = f.WriteAt(b[:], at)
		must(t, err, f.Close())
	}
	flip(filepath.Join(folder, "people.db"), 9000)
	flip(file, 30000)
	for _, from := range []string{folder, file} {
		if _, err := VerifyBackup(t.Context(), from, quiet); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("verify: %v", err)
		}
		target := Place{Dir: t.TempDir()}
		if _, err := Restore(t.Context(), from, target, quiet); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("restore: %v", err)
		}
		if left, err := os.ReadDir(target.Dir); err != nil || len(left) != 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
	}
	must(t, os.Truncate(file, 20000))
	if _, err := VerifyBackup(t.Context(), file, quiet); err == nil {
		t.Error("half a file is accepted")
	}
	if _, err := VerifyBackup(t.Context(), t.TempDir(), quiet); err == nil || !strings.Contains(err.Error(), "is no backup") {
		t.Errorf("something else: %v", err)
	}
}

// Broken off at any step, there is no half of a backup, and of a restore nothing that a server would take for its data.
func TestBrokenOff(t *testing.T) {
	p := furnished(t)
	backup := filepath.Join(t.TempDir(), "good")
	_, err := Backup(t.Context(), p, backup, "test", quiet)
	must(t, err)
	breakAt := func(n int, work func(context.Context, func(Step)) error) (broken bool) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		steps := 0
		last := ""
		err := work(ctx, func(s Step) {
			if s.Doing != last {
				last = s.Doing
				steps++
			}
			if steps == n {
				cancel()
			}
		})
		if err != nil && !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "interrupt") {
			t.Errorf("step %d: %v", n, err)
		}
		return err != nil
	}
	for n, broken := 1, true; n < 40 && broken; n++ {
		for _, name := range []string{"b", "b.tar.gz"} {
			dir := t.TempDir()
			broken = breakAt(n, func(ctx context.Context, tell func(Step)) error {
				_, err := Backup(ctx, p, filepath.Join(dir, name), "test", tell)
				return err
			})
			if left, err := os.ReadDir(dir); broken && (err != nil || len(left) != 0) {
				t.Errorf("backup, step %d: left are %v, %v", n, left, err)
			}
		}
	}
	for n, broken := 1, true; n < 40 && broken; n++ {
		target := Place{Dir: t.TempDir()}
		broken = breakAt(n, func(ctx context.Context, tell func(Step)) error {
			_, err := Restore(ctx, backup, target, tell)
			return err
		})
		if left, err := os.ReadDir(target.Dir); broken && (err != nil || len(left) != 0) {
			t.Errorf("restore, step %d: left are %v, %v", n, left, err)
		}
	}
}

// A restore whose process died begins anew.
func TestARestoreThatDiedBeginsAnew(t *testing.T) {
	p := furnished(t)
	backup := filepath.Join(t.TempDir(), "good")
	_, err := Backup(t.Context(), p, backup, "test", quiet)
	must(t, err)
	target := Place{Dir: t.TempDir()}
	must(t, os.Mkdir(filepath.Join(target.Dir, unfinished), 0o700), os.WriteFile(target.file("people"), []byte("half"), 0o600))
	if !Unfinished(target.Dir) {
		t.Error("it is not noticed")
	}
	_, err = Restore(t.Context(), backup, target, quiet)
	must(t, err)
	same(t, "restored", sumsOf(t, target, target), sumsOf(t, p, p))
	if Unfinished(target.Dir) {
		t.Error("it is still unfinished")
	}
}
