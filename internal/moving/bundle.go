package moving

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Manifest says what a backup holds.
type Manifest struct {
	Format int                 `json:"format"`
	By     string              `json:"by"`   // the version of CodeCollab that made it
	From   string              `json:"from"` // "sqlite" or "postgres"
	Made   time.Time           `json:"made"`
	Tables map[string]Contents `json:"tables"`
	Files  map[string]Contents `json:"files"`
	Keys   []string            `json:"keys"` // files with keys, which are apart
}

// Contents are what a table or file holds: so many rows or bytes, and their checksum.
type Contents struct {
	Size int64  `json:"size"`
	Sum  string `json:"sum"` // of a file, its SHA-256
}

const (
	format       = 1
	manifestFile = "manifest.json"
	keysFolder   = "keys"
	keysSuffix   = ".keys"
	partSuffix   = ".part"
)

// KeyFiles are the files of a data folder that have keys in them. They are not in the database, since they open what is sealed there.
var KeyFiles = []string{"secret.key", "saml.pem"}

// isArchive reports whether a backup of this name is one file.
func isArchive(name string) bool {
	return strings.HasSuffix(name, ".tar") || isPacked(name)
}

func isPacked(name string) bool {
	return strings.HasSuffix(name, ".tar.gz") || strings.HasSuffix(name, ".tgz")
}

// seal writes the manifest of the files in a folder, and sees that all of it is on the disk.
func seal(dir string, m *Manifest) error {
	m.Files = map[string]Contents{}
	for _, schema := range schemas {
		name := schema + ".db"
		c, err := contentsOf(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		m.Files[name] = c
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, manifestFile), append(data, '\n'), 0o600); err != nil {
		return err
	}
	return syncAll(dir)
}

func contentsOf(file string) (Contents, error) {
	f, err := os.Open(file)
	if err != nil {
		return Contents{}, err
	}
	defer f.Close()
	return sumOf(f)
}

func sumOf(r io.Reader) (Contents, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	return Contents{n, hex.EncodeToString(h.Sum(nil))}, err
}

// syncAll sees that what is in a folder is on the disk.
func syncAll(dir string) error {
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		return errors.Join(f.Sync(), f.Close())
	})
}

// unseal reads the manifest of a backup in a folder, and makes sure that its files are those that it names.
func unseal(ctx context.Context, dir string, tell func(Step)) (*Manifest, error) {
	data, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is no backup: there is no %s in it", dir, manifestFile)
	}
	if err != nil {
		return nil, err
	}
	m := &Manifest{}
	if err := json.Unmarshal(data, m); err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w; take another backup", filepath.Join(dir, manifestFile), err)
	}
	if m.Format != format {
		return nil, fmt.Errorf("the backup is of format %d, and this program reads %d: use the CodeCollab that made it (%s), or a newer one", m.Format, format, m.By)
	}
	for _, schema := range schemas {
		if _, ok := m.Files[schema+".db"]; !ok {
			return nil, fmt.Errorf("the backup has no %s.db", schema)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		tell(Step{Doing: "checking the sum of " + name})
		c, err := contentsOf(filepath.Join(dir, filepath.Base(name)))
		if err != nil {
			return nil, fmt.Errorf("the backup is not whole: %w; take another one", err)
		}
		if c != m.Files[name] {
			return nil, fmt.Errorf("the backup is damaged: %s is not as it was written (%d bytes with the sum %.12s…, of %d with %.12s…); take another one",
				name, c.Size, c.Sum, m.Files[name].Size, m.Files[name].Sum)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// pack puts the files of a folder into an archive that nobody else may read, and reads it again.
func pack(ctx context.Context, dir, archive string, names []string, tell func(Step)) error {
	f, err := os.OpenFile(archive, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = writeArchive(ctx, f, strings.TrimSuffix(archive, partSuffix), dir, names, tell)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	tell(Step{Doing: "reading the archive again"})
	back := map[string]Contents{}
	err = eachPacked(ctx, archive, func(name string, r io.Reader) (err error) {
		back[name], err = sumOf(r)
		return err
	})
	if err != nil {
		return err
	}
	for _, name := range names {
		want, err := contentsOf(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		if back[name] != want {
			return fmt.Errorf("%s is another file in the archive than it was before: the disk of %s fails", name, archive)
		}
	}
	return nil
}

func writeArchive(ctx context.Context, w io.Writer, called, dir string, names []string, tell func(Step)) (err error) {
	if isPacked(called) {
		z := gzip.NewWriter(w)
		defer func() { err = errors.Join(err, z.Close()) }()
		w = z
	}
	t := tar.NewWriter(w)
	for _, name := range names {
		tell(Step{Doing: "packing " + name})
		if err := packOne(t, dir, name); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return t.Close()
}

func packOne(t *tar.Writer, dir, name string) error {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: st.Size(), ModTime: st.ModTime(), Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err = io.Copy(t, f)
	return err
}

// eachPacked calls f with the files in an archive.
func eachPacked(ctx context.Context, archive string, f func(name string, r io.Reader) error) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	plain := bufio.NewReader(file)
	var r io.Reader = plain
	if begin, err := plain.Peek(2); err == nil && begin[0] == 0x1f && begin[1] == 0x8b { // gzip
		z, err := gzip.NewReader(plain)
		if err != nil {
			return fmt.Errorf("%s cannot be read: %w", archive, err)
		}
		r = z
	}
	t := tar.NewReader(r)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = f(h.Name, t)
		}
		if err != nil {
			return fmt.Errorf("%s cannot be read: %w", archive, err)
		}
	}
}

// unpack writes those files of an archive into a folder that a backup may have; whatever else is in it stays there.
func unpack(ctx context.Context, archive, dir string, wanted []string, tell func(Step)) error {
	return eachPacked(ctx, archive, func(name string, r io.Reader) error {
		if !slices.Contains(wanted, name) {
			return nil
		}
		tell(Step{Doing: "unpacking " + name})
		return writeFile(filepath.Join(dir, name), r)
	})
}

// writeFile writes a file that only its owner reads.
func writeFile(file string, r io.Reader) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}

func copyFile(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	return writeFile(to, f)
}
