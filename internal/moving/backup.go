package moving

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Made is a backup that was made.
type Made struct {
	Manifest *Manifest
	Report   *Report // of the copy
	Keys     string  // where the keys are; "": there are none
}

// Backup copies everything of a place, as it is at one moment, into a folder or, when its name says so (.tar, .tar.gz), into one
// file; servers may run. The keys of the data folder are put apart. What was written is read again and verified. Under its name
// there is a whole backup, or nothing.
func Backup(ctx context.Context, from Place, to, by string, tell func(Step)) (*Made, error) {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(err, fmt.Errorf("%s is there already, and backups are not written over each other: give this one another name", to))
	}
	part := to + partSuffix
	if isArchive(to) {
		part = to + ".folder" + partSuffix
	}
	if err := os.RemoveAll(part); err != nil { // what an earlier one has left that was broken off
		return nil, err
	}
	defer os.RemoveAll(part)
	made, err := collect(ctx, from, part, by, tell)
	if err != nil {
		return nil, err
	}
	if !isArchive(to) {
		if len(made.Manifest.Keys) > 0 {
			made.Keys = filepath.Join(to, keysFolder)
		}
		return made, rename(part, to)
	}
	if len(made.Manifest.Keys) > 0 {
		made.Keys = to + keysSuffix
		if err := packTo(ctx, filepath.Join(part, keysFolder), made.Keys, made.Manifest.Keys, tell); err != nil {
			return nil, err
		}
	}
	err = packTo(ctx, part, to, backupFiles(), tell)
	if err != nil && made.Keys != "" {
		err = errors.Join(err, os.Remove(made.Keys))
	}
	return made, err
}

// backupFiles are those of a backup, without the keys. The manifest comes first, for whoever looks into the archive.
func backupFiles() []string {
	out := []string{manifestFile}
	for _, s := range schemas {
		out = append(out, s+".db")
	}
	return out
}

// collect makes a backup in a folder.
func collect(ctx context.Context, from Place, dir, by string, tell func(Step)) (*Made, error) {
	copied := Place{Dir: dir}
	if err := prepare(ctx, copied); err != nil {
		return nil, err
	}
	made := &Made{Manifest: &Manifest{Format: format, By: by, From: from.engine(), Made: time.Now().UTC().Truncate(time.Second), Tables: map[string]Contents{}}}
	sums, err := fill(ctx, from, copied, tell)
	if err != nil {
		return nil, err
	}
	for name, sum := range sums {
		made.Manifest.Tables[name] = Contents{sum.rows, sum.String()}
	}
	if made.Report, err = Verify(ctx, copied, tell); err != nil {
		return nil, err
	}
	made.Report.Place = from.String()
	if made.Manifest.Keys, err = copyKeys(from.Dir, filepath.Join(dir, keysFolder)); err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(dir, "lock")); err != nil {
		return nil, err
	}
	return made, seal(dir, made.Manifest)
}

func (p Place) engine() string {
	if p.URL != "" {
		return "postgres"
	}
	return "sqlite"
}

// copyKeys copies the key files that there are.
func copyKeys(from, to string) ([]string, error) {
	copied := []string{}
	for _, name := range KeyFiles {
		if _, err := os.Stat(filepath.Join(from, name)); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.MkdirAll(to, 0o700); err != nil {
			return nil, err
		}
		if err := copyFile(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			return nil, err
		}
		copied = append(copied, name)
	}
	return copied, nil
}

// packTo makes an archive that is whole or not there at all.
func packTo(ctx context.Context, dir, archive string, names []string, tell func(Step)) error {
	part := archive + partSuffix
	if err := pack(ctx, dir, part, names, tell); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return rename(part, archive)
}

// rename gives what is finished its name, for good.
func rename(part, name string) error {
	if err := os.Rename(part, name); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
