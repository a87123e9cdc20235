package toolchain

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"codecollab.dev/languages"
)

// Options are what an operator can choose about installing. Zero values are good defaults.
type Options struct {
	// Mirror is where Debian comes from: a URL, and after a space that of the security updates, or "none" when the mirror
	// has none. Empty: as this machine, when it is a Debian, else deb.debian.org.
	Mirror string
	// ImageMost is the most that an imported image may hold, in bytes; 0 stands for 16 GiB.
	ImageMost int64
	// Host installs Debian's packages into the machine itself instead of an environment.
	Host bool
	// Progress is told what is going on, from one goroutine at a time.
	Progress func(Event)
	// Log gets what package managers print; nil discards it.
	Log *slog.Logger
}

// Event says how far an installation is.
type Event struct {
	Step, Steps int     // the first step is 1
	Title       string  // of the step: "Debian packages for debian-13"
	Text        string  // what is done in this moment
	Percent     float64 // of this step; below 0 where nobody knows
}

// Installer installs languages into a store and takes them away again. One process at a time can do so.
type Installer struct {
	store   *Store
	all     languages.Catalogue
	options Options
}

// NewInstaller makes an installer. The catalogue is all languages that there are.
func NewInstaller(s *Store, all languages.Catalogue, o Options) *Installer {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Progress == nil {
		o.Progress = func(Event) {}
	}
	if o.ImageMost == 0 {
		o.ImageMost = 16 << 30
	}
	return &Installer{store: s, all: all, options: o}
}

// ErrInterrupted is why an installation stopped when its context did. The same once more goes on where it was.
var ErrInterrupted = errors.New("interrupted: what is complete stays; the same command again goes on from there")

// StepError is a step that failed. What the store held before it is still there.
type StepError struct {
	Step  string // what was being done
	Words string // what the package manager said last
	Err   error
}

func (e *StepError) Error() string {
	text := e.Step + " failed: " + e.Err.Error()
	if e.Words != "" {
		text += "\n  " + strings.ReplaceAll(e.Words, "\n", "\n  ")
	}
	return text
}

func (e *StepError) Unwrap() error { return e.Err }

// failed makes a StepError of what a command returned, or ErrInterrupted when it was stopped.
func failed(ctx context.Context, step string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	if _, already := errors.AsType[*StepError](err); already {
		return err
	}
	var said *saidError
	if errors.As(err, &said) {
		return &StepError{Step: step, Words: said.words, Err: said.err}
	}
	return &StepError{Step: step, Err: err}
}

// codename is what Debian's archive calls a release.
func codename(environment string) (string, error) {
	names := map[string]string{"debian-12": "bookworm", "debian-13": "trixie"}
	if name, ok := names[environment]; ok {
		return name, nil
	}
	return "", fmt.Errorf("no release %q of Debian is known here: only debian-12 and debian-13", environment)
}

// usual is the environment of languages that name none.
const usual = "debian-13"

// environmentOf is where a language's Debian packages go; empty when it has none.
func (i *Installer) environmentOf(l languages.Language) string {
	switch {
	case len(l.Packages()) == 0:
		return ""
	case i.options.Host:
		return Host
	case l.Install.Release != "":
		return l.Install.Release
	}
	return usual
}

// hostRelease is the environment that this machine is like: "debian-13".
func hostRelease() string {
	b, _ := os.ReadFile("/etc/os-release") // without it, it is like none
	var id, version string
	for line := range strings.Lines(string(b)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch value = strings.Trim(value, `"`); name {
		case "ID":
			id = value
		case "VERSION_ID":
			version = value
		}
	}
	return id + "-" + version
}
