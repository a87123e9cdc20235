package runner

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"codecollab.dev/internal/runner/sandbox"
)

// Bounds of making a cache: it is our own program that is compiled, once, in the background.
const (
	cacheBytes  = 1 << 30
	cacheInodes = 100_000
)

var cacheBounds = bounds{wall: 10 * time.Minute, cpu: 10 * time.Minute, memory: 3 << 30, tasks: 256}

func sum(s string) uint32 {
	h := fnv.New32a()
	_, _ = io.WriteString(h, s)
	return h.Sum32()
}

// cacheDir is where the compile cache of a language is on the host; another environment, a new version or a new warming program
// make a new one.
func (s *Server) cacheDir(l *installed) string {
	made := l.environment.Name + l.WarmFile + strings.Join(l.Cache.Command, " ")
	return filepath.Join(s.options.DataDir, "cache", fmt.Sprintf("%s-%s-%08x", l.ID, l.version, sum(made)))
}

// cachePlace is where programs find the cache.
func (s *Server) cachePlace(l *installed) string {
	if s.hasCache(l) {
		return "/cache/" + l.ID
	}
	return "/tmp/cache" // empty, but usable
}

func (s *Server) hasCache(l *installed) bool {
	if l.Cache.Source == "" {
		return false
	}
	_, err := os.Stat(s.cacheDir(l))
	return err == nil
}

// awaitWarm waits until a runtime has its compile cache. Whoever waits is served before those that nobody asked for.
func (s *Server) awaitWarm(ctx context.Context, l *installed) error {
	select {
	case <-l.warm:
		return nil
	default:
	}
	s.begin(func() { s.warm(l) })
	select {
	case <-l.warm:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.stopping.Done():
		return errStopped
	}
}

// warm fills the compile cache of a runtime, if it is missing. Without a cache the language works, slowly.
func (s *Server) warm(l *installed) {
	l.warming.Do(func() {
		defer l.markWarm()
		if l.Cache.Source == "" || s.stopping.Err() != nil {
			return
		}
		if !s.hasCache(l) {
			if err := s.fillCache(l); err != nil && s.stopping.Err() == nil {
				s.options.Logger.Warn("the compile cache could not be filled; compiling will be slow", "language", l.ID, "environment", l.environment.Name, "err", err)
			}
		}
		if err := s.showViews(); err != nil {
			s.options.Logger.Error("the compile cache cannot be shown to programs", "language", l.ID, "err", err)
		}
	})
}

// fillCache compiles the language's warming program in a cell and carries the cache out as an archive. Nothing on the
// host is ever writable to a cell.
func (s *Server) fillCache(l *installed) error {
	c, err := s.sandbox.Special(l.view(), cacheBytes, cacheInodes)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Write([]sandbox.File{{Path: l.Cache.Source, Data: []byte(l.WarmFile)}}); err != nil {
		return err
	}
	p := places{id: l.ID, file: l.Cache.Source, memory: cacheBounds.memory, cache: "/tmp/cache"}
	env := p.environment(l.Language, l.ID)
	printed, r, err := s.chore(c, p.words(l.Cache.Command, nil), env, cacheBounds)
	if err != nil {
		return err
	}
	if !r.ok() {
		return fmt.Errorf("the warming program does not compile: %s", printed)
	}
	return s.carryOut(c, env, s.cacheDir(l))
}

// carryOut unpacks the cell's /tmp/cache into dir, which appears only when it is complete.
func (s *Server) carryOut(c *sandbox.Cell, env []string, dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), ".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	r, w := io.Pipe()
	unpacked := make(chan error, 1)
	go func() {
		err := unpack(r, fresh)
		r.CloseWithError(err) // a copy error stops the archive
		unpacked <- err
	}()
	a := archive{w: w}
	_, err = s.runStage(s.stopping, c, "archive", []string{"tar", "-cf", "-", "-C", "/tmp/cache", "."}, env, cacheBounds, talk{in: closed}, &a)
	w.Close()
	if err = errors.Join(err, <-unpacked); err != nil {
		return err
	}
	if a.end == nil || !a.end.ok() {
		return errors.New("the archive of the cache is not complete")
	}
	if err := os.Chmod(fresh, 0o777); err != nil {
		return err
	}
	return os.Rename(fresh, dir)
}

// archive is a sink that hands stdout on.
type archive struct {
	w   io.Writer
	end *stageResult
}

func (a *archive) stage(string)                  {}
func (a *archive) exit(_ string, r *stageResult) { a.end = r }
func (a *archive) data(stream string, p []byte) {
	if stream == "stdout" {
		_, _ = a.w.Write(p)
	}
}

// unpack writes folders and regular files, nothing else, below dir. Folders are open to everyone: cells see them
// under a layer of their own, in which the program's user must be able to add files.
func unpack(r io.Reader, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	archive := tar.NewReader(r)
	for left := int64(cacheBytes); ; {
		h, err := archive.Next()
		if err == io.EOF {
			_, err = io.Copy(io.Discard, r)
			return err
		}
		if err != nil {
			return err
		}
		name := path.Clean(strings.TrimPrefix(h.Name, "./"))
		switch {
		case name == ".":
		case h.Typeflag == tar.TypeDir:
			if err := root.Mkdir(name, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			}
			if err := root.Chmod(name, 0o777); err != nil {
				return err
			}
		case h.Typeflag == tar.TypeReg:
			if left -= h.Size; left < 0 {
				return errors.New("the cache is too large")
			}
			if err := unpackFile(root, name, archive, h); err != nil {
				return err
			}
		}
	}
}

func unpackFile(root *os.Root, name string, r io.Reader, h *tar.Header) error {
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return root.Chtimes(name, h.ModTime, h.ModTime)
}
