package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/toolchain"
	"codecollab.dev/languages"
)

const languagesUsage = `codecollab languages: what programs can be written in here.

	list [--json]                     what is installed, what could be, and what not
	install ID… | --core | --all      install them under runner-data, after showing what and how much (--yes: without asking)
	check ID… | --core | --all        run the samples of those that are installed, in the real sandbox (--json; --out DIR: write the table)
	import NAME IMAGE                 take an OCI image as an environment: registry/name:tag, a file of docker save, or an OCI layout
	remove ID… | NAME…                take away languages, or whole environments, that were installed here

ID is a language's id or one of its other names. install --host puts Debian's packages into this machine itself, for an
image or a machine that does nothing else. The settings of "codecollab runner" are flags here too, above all --runner-data DIR.
`

// languagesCommand is "codecollab languages".
type languagesCommand struct {
	settings  config.Settings
	catalogue languages.Catalogue
	log       *slog.Logger
	environ   []string
	stdin     io.Reader
	stdout    io.Writer
	stderr    io.Writer

	json, core, all, yes, host bool
	out                        string
	words                      []string // ids and names
}

// runLanguages is the command with its arguments.
func runLanguages(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if slices.Contains(args, "--help") || slices.Contains(args, "-h") {
		fmt.Fprint(stdout, languagesUsage)
		return flag.ErrHelp
	}
	if len(args) == 0 {
		return usageError{languagesUsage}
	}
	c := &languagesCommand{environ: environ, stdin: stdin, stdout: stdout, stderr: stderr}
	does := map[string]func(context.Context) error{
		"list": c.list, "install": c.install, "check": c.check, "import": c.importImage, "remove": c.remove,
	}
	do, ok := does[args[0]]
	if !ok {
		return usageError{fmt.Sprintf("codecollab languages has no command %q%s\n\n%s", args[0],
			config.Nearest(args[0], []string{"list", "install", "check", "import", "remove"}), languagesUsage)}
	}
	rest, err := c.own(args[0], args[1:])
	if err != nil {
		return err
	}
	flags, words := config.Split("runner", rest)
	c.words = words
	if c.catalogue, err = languages.Load(); err != nil {
		return err
	}
	return withSettings("runner", flags, environ, stderr, func(s config.Settings, log *slog.Logger) error {
		c.settings, c.log = s, log
		return do(ctx)
	})
}

// usageError is a command that was called wrongly.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

// own takes the flags of this command out of its arguments.
func (c *languagesCommand) own(name string, args []string) (rest []string, err error) {
	switches := map[string]*bool{"--json": &c.json, "--core": &c.core, "--all": &c.all, "--yes": &c.yes, "-y": &c.yes, "--host": &c.host}
	takes := map[string][]string{
		"--json": {"list", "check"}, "--core": {"install", "check"}, "--all": {"install", "check"}, "--yes": {"install", "remove"}, "-y": {"install", "remove"},
		"--host": {"install"}, "--out": {"check"},
	}
	for n := 0; n < len(args); n++ {
		word, value, joined := strings.Cut(args[n], "=")
		by, ours := takes[word]
		switch {
		case !ours:
			rest = append(rest, args[n])
			continue
		case !slices.Contains(by, name):
			return nil, usageError{fmt.Sprintf("%s is a flag of codecollab languages %s, not of %s", word, strings.Join(by, " and "), name)}
		case switches[word] != nil && !joined:
			*switches[word] = true
			continue
		case word != "--out":
			return nil, usageError{fmt.Sprintf("%s takes no value", word)}
		case !joined && n+1 < len(args) && !strings.HasPrefix(args[n+1], "-"):
			n++
			value = args[n]
		}
		if c.out = value; c.out == "" {
			return nil, usageError{"--out needs a folder"}
		}
	}
	return rest, nil
}

// chosen is the languages that the arguments name. All that is wrong with them is said at once.
func (c *languagesCommand) chosen() ([]languages.Language, error) {
	if c.all || c.core {
		if len(c.words) > 0 || c.all && c.core {
			return nil, usageError{"name languages, or say --core, or --all: not two of these"}
		}
		return slices.DeleteFunc(slices.Clone(c.catalogue), func(l languages.Language) bool { return c.core && !l.Install.Core }), nil
	}
	if len(c.words) == 0 {
		return nil, usageError{"name languages, or say --core or --all; codecollab languages list knows them"}
	}
	var found []languages.Language
	var wrong []error
	for _, word := range c.words {
		l, ok := c.find(word)
		if !ok {
			wrong = append(wrong, c.unknown(word))
			continue
		}
		if !slices.ContainsFunc(found, func(o languages.Language) bool { return o.ID == l.ID }) {
			found = append(found, l)
		}
	}
	return found, errors.Join(wrong...)
}

// find is more patient with people than Piston is with programs.
func (c *languagesCommand) find(word string) (languages.Language, bool) {
	if l, ok := c.catalogue.Find(word); ok {
		return l, true
	}
	return c.catalogue.Find(strings.ToLower(word))
}

func (c *languagesCommand) unknown(word string) error {
	var names []string
	for _, l := range c.catalogue {
		names = append(append(names, l.ID), l.Aliases...)
	}
	return fmt.Errorf("there is no language %q%s", word, config.Nearest(strings.ToLower(word), names))
}

func (c *languagesCommand) store() *toolchain.Store { return toolchain.Open(c.settings.RunnerData) }

func (c *languagesCommand) installer(progress func(toolchain.Event)) *toolchain.Installer {
	return toolchain.NewInstaller(c.store(), c.catalogue, toolchain.Options{
		Mirror: c.settings.RunnerMirror, ImageMost: int64(c.settings.RunnerImageMax), Host: c.host, Progress: progress, Log: c.log,
	})
}
