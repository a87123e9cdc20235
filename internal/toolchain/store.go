// Package toolchain installs what programs are compiled and run with, in root file systems and folders of its own under the
// runner's data folder: the host stays as it is. It knows package managers, and no sandbox, no protocol and no room.
//
//	DIR/environments/NAME/root       a root file system (Debian by debootstrap, or an unpacked OCI image)
//	DIR/environments/NAME/made.json  written when it is complete: what it is and what was installed
//	DIR/tools/LANGUAGE/              what npm (node_modules/) and Go (bin/) brought for one language
package toolchain

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Host is the name of the environment that is the machine itself.
const Host = "host"

// Store is the data folder of a runner, as far as languages are concerned.
type Store struct{ dir string }

// Environment is a root file system with languages in it.
type Environment struct {
	Name    string    `json:"name"`    // "host", "debian-13", or what the operator called an image
	Root    string    `json:"-"`       // "/" for the host
	Changed time.Time `json:"changed"` // when something was last installed or removed; zero for the host
}

// Open gives the store in dir, which need not exist yet.
func Open(dir string) *Store {
	if whole, err := filepath.Abs(dir); err == nil { // it fails only where there is no working folder any more
		dir = whole
	}
	return &Store{dir: dir}
}

// Tools is the folder of what npm and Go brought, one folder a language.
func (s *Store) Tools() string { return filepath.Join(s.dir, "tools") }

// Environments lists the host and the complete environments of the store, the newest release first and the host last: of
// two that have the same version of a language, the first is used.
func (s *Store) Environments() ([]Environment, error) {
	made, err := filepath.Glob(filepath.Join(s.dir, "environments", "*", "made.json"))
	if err != nil {
		return nil, err
	}
	var all []Environment
	for i := len(made) - 1; i >= 0; i-- {
		e, err := readMade(made[i])
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed in this moment
		}
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return append(all, Environment{Name: Host, Root: "/"}), nil
}

func readMade(path string) (Environment, error) {
	var e Environment
	b, err := os.ReadFile(path)
	if err != nil {
		return e, err
	}
	if err := json.Unmarshal(b, &e); err != nil {
		return e, fmt.Errorf("%s: %w", path, err)
	}
	e.Name, e.Root = filepath.Base(filepath.Dir(path)), filepath.Join(filepath.Dir(path), "root")
	return e, nil
}
