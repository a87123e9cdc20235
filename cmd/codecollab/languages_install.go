package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/mattn/go-isatty"

	"codecollab.dev/internal/toolchain"
)

var errNotAll = errors.New("not everything could be installed; what is complete stays")

func (c *languagesCommand) install(ctx context.Context) error {
	wanted, err := c.chosen()
	if err != nil {
		return err
	}
	shown := newProgress(c.stderr)
	installer := c.installer(shown.event)
	plan, err := installer.Plan(ctx, wanted)
	shown.clear()
	if err != nil {
		return err
	}
	c.show(plan)
	if plan.Empty() {
		if len(plan.Refused) > 0 && !c.all {
			return errNotAll
		}
		fmt.Fprintln(c.stdout, "There is nothing to do.")
		return nil
	}
	if !c.yes {
		if err := c.agree("Install this?"); err != nil {
			return err
		}
	}
	err = installer.Apply(ctx, plan)
	shown.clear()
	if err != nil {
		return err
	}
	fmt.Fprintln(c.stdout, "Done. A runner that is going finds them by itself.")
	if len(plan.Refused) > 0 && !c.all {
		return errNotAll
	}
	return nil
}

// show prints a plan.
func (c *languagesCommand) show(p *toolchain.Plan) {
	line := func(format string, args ...any) { fmt.Fprintf(c.stdout, format+"\n", args...) }
	for _, id := range slices.Sorted(maps.Keys(p.Refused)) {
		line("%s cannot be installed: %s", id, p.Refused[id])
	}
	if len(p.Already) > 0 {
		line("Here already: %s", strings.Join(p.Already, ", "))
	}
	for _, e := range p.Environments {
		state, most := "", ""
		switch {
		case e.Make:
			state = " (new)"
		case e.Finish: // what is there in parts is counted as if it came anew
			state, most = " (an interrupted installation is finished first)", "at most "
		}
		line("%s%s: %s", e.Name, state, strings.Join(e.Languages, ", "))
		line("    %s%d Debian packages, %s to download, %s on disk", most, len(e.Packages), toolchain.Bytes(e.Download), toolchain.Bytes(e.Disk))
	}
	for _, t := range p.Tools {
		if len(t.NPM) > 0 {
			line("npm for %s: %s", t.Language, strings.Join(t.NPM, ", "))
		}
		if len(t.Go) > 0 {
			line("Go for %s: %s", t.Language, strings.Join(t.Go, ", "))
		}
	}
	if p.Empty() {
		return
	}
	more := ""
	if len(p.Tools) > 0 {
		more = " and what npm and Go bring, mostly a few MB each"
	}
	line("Together %s to download, %s on disk%s; %s are free in %s.", toolchain.Bytes(p.Download()), toolchain.Bytes(p.Disk()), more,
		toolchain.Bytes(p.Free), c.settings.RunnerData)
}

// agree asks a person. Where nobody sits, --yes has to be said.
func (c *languagesCommand) agree(question string) error {
	if f, ok := c.stdin.(*os.File); !ok || !isatty.IsTerminal(f.Fd()) {
		return errors.New("nobody is there to be asked: say --yes to go on")
	}
	fmt.Fprintf(c.stdout, "%s [y/N] ", question)
	answer, _ := bufio.NewReader(c.stdin).ReadString('\n')
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
		return errors.New("nothing was changed")
	}
	return nil
}

func (c *languagesCommand) importImage(ctx context.Context) error {
	if len(c.words) != 2 {
		return usageError{"codecollab languages import needs a name for the environment and an image: import NAME IMAGE"}
	}
	shown := newProgress(c.stderr)
	err := c.installer(shown.event).Import(ctx, c.words[0], c.words[1])
	shown.clear()
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "%s is an environment now. The languages in it are found by a runner that is going, and by codecollab languages list.\n", c.words[0])
	return nil
}

func (c *languagesCommand) remove(ctx context.Context) error {
	if len(c.words) == 0 {
		return usageError{"name the languages or environments to remove"}
	}
	environments, err := c.store().Environments()
	if err != nil {
		return err
	}
	shown := newProgress(c.stderr)
	installer := c.installer(shown.event)
	var wrong []error
	for _, word := range c.words {
		is := func(e toolchain.Environment) bool { return e.Name == word && e.Name != toolchain.Host }
		if slices.ContainsFunc(environments, is) {
			wrong = append(wrong, installer.RemoveEnvironment(word))
		} else if l, ok := c.find(word); ok {
			wrong = append(wrong, installer.Remove(ctx, l))
		} else {
			wrong = append(wrong, c.unknown(word))
		}
		shown.clear()
	}
	return errors.Join(wrong...)
}
