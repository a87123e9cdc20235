package moving

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Restored is what came out of a backup.
type Restored struct {
	Manifest *Manifest
	Report   *Report
	NoKeys   []string // key files that the backup was made with, and that were not beside it
}

// unfinished is the folder inside of a data folder in which a restore works. While it is there, the rest is not whole.
const unfinished = "restoring"

// Unfinished reports whether a restore into a data folder was broken off.
func Unfinished(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, unfinished))
	return err == nil
}

// Restore brings a backup into an empty place, and verifies it there. to.Dir is the data folder in either case: the keys go there.
func Restore(ctx context.Context, from string, to Place, tell func(Step)) (*Restored, error) {
	if err := os.MkdirAll(to.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	work := filepath.Join(to.Dir, unfinished)
	if err := vacant(to, work, slices.Concat(KeyFiles, databases())); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(work, keysFolder), 0o700); err != nil {
		return nil, err
	}
	out, err := restoreIn(ctx, from, to, work, tell)
	if err == nil {
		if err := settle(work, to); err != nil {
			return nil, fmt.Errorf("%w; restore again, which begins anew", err) // what is left says that the folder is not whole
		}
	}
	return out, errors.Join(err, os.RemoveAll(work))
}

// vacant makes sure that a data folder has nothing that would be written over. What a restore has left that was broken off goes.
func vacant(to Place, work string, mine []string) error {
	broken := Unfinished(to.Dir)
	for _, name := range mine {
		if to.URL != "" {
			break // only the keys go there, which are looked at apart
		}
		file := filepath.Join(to.Dir, name)
		if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if !broken {
			return notEmpty{to, name}
		}
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return os.RemoveAll(work)
}

// databases are the files that a server makes in its data folder.
func databases() []string {
	out := []string{"queue.db"}
	for _, s := range schemas {
		out = append(out, s+".db")
	}
	return out
}

func restoreIn(ctx context.Context, from string, to Place, work string, tell func(Step)) (*Restored, error) {
	m, err := fetch(ctx, from, work, tell)
	if err != nil {
		return nil, err
	}
	out := &Restored{Manifest: m}
	for _, name := range m.Keys {
		if _, err := os.Stat(filepath.Join(work, keysFolder, name)); err != nil {
			out.NoKeys = append(out.NoKeys, name)
		}
	}
	if err := sameKeys(to, filepath.Join(work, keysFolder)); err != nil {
		return nil, err
	}
	copied := Place{Dir: work}
	if err := prepare(ctx, copied); err != nil { // an older backup is brought up to date
		return nil, err
	}
	if to.URL != "" {
		if err := prepare(ctx, to); err != nil {
			return nil, err
		}
		if _, err := fill(ctx, copied, to, tell); err != nil {
			return nil, err
		}
		copied = to
	}
	if out.Report, err = Verify(ctx, copied, tell); err != nil {
		return nil, err
	}
	out.Report.Place = to.String()
	return out, nil
}

// fetch brings a backup into a folder, and checks that it is whole.
func fetch(ctx context.Context, from, dir string, tell func(Step)) (*Manifest, error) {
	if st, err := os.Stat(from); err != nil {
		return nil, fmt.Errorf("the backup cannot be read: %w", err)
	} else if !st.IsDir() {
		if err := unpack(ctx, from, dir, backupFiles(), tell); err != nil {
			return nil, err
		}
		if _, err := os.Stat(from + keysSuffix); err == nil {
			if err := unpack(ctx, from+keysSuffix, filepath.Join(dir, keysFolder), KeyFiles, tell); err != nil {
				return nil, err
			}
		}
		return unseal(ctx, dir, tell)
	}
	for _, name := range backupFiles() {
		tell(Step{Doing: "copying " + name})
		if err := copyFile(filepath.Join(from, name), filepath.Join(dir, name)); err != nil {
			return nil, fmt.Errorf("the backup %s is not whole: %w", from, err)
		}
	}
	if _, err := copyKeys(filepath.Join(from, keysFolder), filepath.Join(dir, keysFolder)); err != nil {
		return nil, err
	}
	return unseal(ctx, dir, tell)
}

// sameKeys refuses keys that differ from those that a node with a Postgres database has already.
func sameKeys(to Place, keys string) error {
	for _, name := range KeyFiles {
		there, err := os.ReadFile(filepath.Join(to.Dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		brought, err := os.ReadFile(filepath.Join(keys, name))
		if err == nil && !bytes.Equal(there, brought) {
			return fmt.Errorf("%s is not the one of the backup: what is sealed in the backup would not open. Move it away, and restore again",
				filepath.Join(to.Dir, name))
		}
	}
	return nil
}

// settle moves what is restored to where it belongs. The rooms come last: with them the folder is whole.
func settle(work string, to Place) error {
	var names []string
	for _, name := range KeyFiles {
		names = append(names, filepath.Join(keysFolder, name))
	}
	if to.URL == "" {
		for _, s := range slices.Backward(schemas) {
			names = append(names, s+".db")
		}
	}
	for _, name := range names {
		err := os.Rename(filepath.Join(work, name), filepath.Join(to.Dir, filepath.Base(name)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	d, err := os.Open(to.Dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// VerifyBackup checks a backup: its sums, and everything that Verify looks at.
func VerifyBackup(ctx context.Context, from string, tell func(Step)) (*Report, error) {
	dir := from
	if st, err := os.Stat(from); err != nil {
		return nil, fmt.Errorf("the backup cannot be read: %w", err)
	} else if !st.IsDir() {
		if dir, err = os.MkdirTemp("", "codecollab-verify-"); err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		if err := unpack(ctx, from, dir, backupFiles(), tell); err != nil {
			return nil, err
		}
	}
	if _, err := unseal(ctx, dir, tell); err != nil {
		return nil, err
	}
	report, err := Verify(ctx, Place{Dir: dir}, tell)
	if report != nil {
		report.Place = fmt.Sprintf("the backup %q", from)
	}
	return report, err
}
