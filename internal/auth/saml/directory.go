package saml

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"codecollab.dev/internal/auth/fetch"
)

// Kept keeps what providers said last, for when they do not answer after a restart.
type Kept interface {
	Load(connection string) (data []byte, at time.Time, err error)
	Save(connection string, data []byte) error
}

// directory knows the providers of connections. Metadata is asked for by its address again and again; what was known counts
// as long as there is nothing newer.
type directory struct {
	opt Options

	mu    sync.Mutex
	known map[string]*described // by connection
}

// described is one provider's metadata.
type described struct {
	mu       sync.Mutex // held while it is asked for: others wait for the one answer
	url      string
	entity   string
	provider Provider
	at       time.Time // when the provider said so
	tried    time.Time
	failed   error // the last time it was asked
}

func newDirectory(opt Options) *directory {
	return &directory{opt: opt, known: map[string]*described{}}
}

// retry is how long a provider that did not answer is left alone.
const retry = 30 * time.Second

// provider is what is known about the provider of a connection.
func (d *directory) provider(ctx context.Context, connection string, s Settings) (Provider, error) {
	if s.MetadataURL == "" {
		p, err := s.provider()
		if err == nil {
			err = p.validate()
		}
		return p, d.current(p, err)
	}
	m := d.of(connection)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.url != s.MetadataURL || m.entity != s.EntityID {
		m.url, m.entity, m.provider, m.at, m.tried, m.failed = s.MetadataURL, s.EntityID, Provider{}, time.Time{}, time.Time{}, nil
		d.remember(connection, m)
	}
	now := d.opt.Now()
	if now.Sub(m.at) >= d.opt.Refresh && now.Sub(m.tried) >= retry {
		m.tried = now
		m.failed = d.ask(ctx, connection, m)
	}
	if m.at.IsZero() {
		return Provider{}, errUnreachable(fmt.Errorf("the metadata at %s is not to be had: %w", m.url, m.failed))
	}
	return m.provider, d.current(m.provider, nil)
}

func (d *directory) of(connection string) *described {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := d.known[connection]
	if m == nil {
		m = &described{}
		d.known[connection] = m
	}
	return m
}

// current refuses what has ended.
func (d *directory) current(p Provider, err error) error {
	if err == nil && !p.Until.IsZero() && d.opt.Now().After(p.Until) {
		err = fmt.Errorf("the provider's metadata was good until %s: get it again", p.Until.Format(time.RFC3339))
	}
	if err != nil {
		return errUnreachable(err)
	}
	return nil
}

// ask asks the provider itself, and keeps what it says if that can be used. Whoever waits for it may go: the answer counts for all.
func (d *directory) ask(ctx context.Context, connection string, m *described) error {
	if d.opt.Client == nil {
		return errors.New("nobody may be asked here")
	}
	data, err := fetch.Get(context.WithoutCancel(ctx), d.opt.Client, m.url)
	if err != nil {
		return err
	}
	p, err := parseMetadata(data, m.entity)
	if err != nil {
		return err
	}
	m.provider, m.at = p, d.opt.Now()
	if d.opt.Kept == nil {
		return nil
	}
	if err := d.opt.Kept.Save(connection, fmt.Appendf(nil, "%s\n%s", m.url, data)); err != nil {
		return fmt.Errorf("the metadata cannot be kept: %w", err)
	}
	return nil
}

// remember takes up what a provider said before a restart, if it is still about the same address.
func (d *directory) remember(connection string, m *described) {
	if d.opt.Kept == nil {
		return
	}
	data, at, err := d.opt.Kept.Load(connection)
	prefix := m.url + "\n"
	if err != nil || len(data) <= len(prefix) || string(data[:len(prefix)]) != prefix {
		return
	}
	if p, err := parseMetadata(data[len(prefix):], m.entity); err == nil {
		m.provider, m.at = p, at
	}
}

// Folder keeps metadata in files of a folder.
type Folder string

var fileName = regexp.MustCompile(`^[a-z0-9]{1,64}$`)

// Load reads what is kept for a connection.
func (f Folder) Load(connection string) ([]byte, time.Time, error) {
	file, err := f.file(connection)
	if err != nil {
		return nil, time.Time{}, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return nil, time.Time{}, err
	}
	data, err := os.ReadFile(file)
	return data, info.ModTime(), err
}

// Save keeps it, whole or not at all.
func (f Folder) Save(connection string, data []byte) error {
	file, err := f.file(connection)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(file+".part", data, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".part", file)
}

func (f Folder) file(connection string) (string, error) {
	if !fileName.MatchString(connection) {
		return "", fmt.Errorf("%q is no connection", connection)
	}
	return filepath.Join(string(f), connection+".xml"), nil
}
