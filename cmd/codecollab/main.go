// Command codecollab is the whole product: "serve" is a server, "runner" runs untrusted programs, and the rest help to
// look after them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"codecollab.dev/attacks"
	"codecollab.dev/bench/chaos"
	"codecollab.dev/bench/hintbench"
	"codecollab.dev/bench/nodebench"
	"codecollab.dev/bench/runbench"
	"codecollab.dev/bench/soak"
	"codecollab.dev/bench/syncbench"
	"codecollab.dev/bench/voicebench"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/config"
)

// version is set when a release is built: -ldflags "-X main.version=…".
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(command(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

const usage = `CodeCollab: write code together, run it, talk about it.

	codecollab serve         everything on one machine; then open the page that it names
	codecollab runner        only the engine that runs programs (Piston API v2)
	codecollab languages     list, install, check and remove what programs can be written in
	codecollab admin         a link for the first administrator, or for a new password
	codecollab backup        everything that is kept, at one moment, into a folder or file; servers may run
	codecollab restore       a backup into an empty folder or database
	codecollab migrate       from SQLite to Postgres, or back
	codecollab verify        whether everything that is kept, or a backup, is as it should be (--json)
	codecollab doctor        what this host can do, what is weak, and how to mend it (--json)
	codecollab bench sync    put load on a server and check that nothing was lost
	codecollab bench run     what a run costs, and what many cost those who type
	codecollab bench voice   how late voices are, and what many who talk cost those who type
	codecollab bench hints   how long a hint takes, and what many who ask the same cost
	codecollab bench history what looking back at a million events costs
	codecollab bench nodes   what a second node costs one room, and brings where there are many
	codecollab bench chaos   break an installation of several nodes in every way, and check that nothing was lost
	codecollab bench soak    hours of work, with memory, goroutines, descriptors and disk drawn on a page
	codecollab hints eval    how good hints are without any model, measured on programs with known faults
	codecollab attack        try to break out of the engine, in every way that is known
	codecollab version       which build this is

"codecollab serve --help" lists the settings; docs/settings.md explains them.
`

// command is the program: its exit status is 0, 1 when it failed, or 2 when it was called wrongly.
func command(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	var err error
	switch name, rest := args[0], args[1:]; name {
	case "serve":
		err = withSettings(name, rest, environ, stderr, func(s config.Settings, log *slog.Logger) error {
			return serve(ctx, s, config.NewLive(name, rest, settingsOf(environ), s), log)
		})
	case "runner":
		err = withSettings(name, rest, environ, stderr, func(s config.Settings, log *slog.Logger) error {
			return runRunner(ctx, s, log, os.Stdin, stdout, lookup(environ, announceVar) != "")
		})
	case "doctor":
		asJSON := slices.Contains(rest, "--json")
		rest = slices.DeleteFunc(slices.Clone(rest), func(a string) bool { return a == "--json" })
		err = withSettings("serve", rest, environ, stderr, func(s config.Settings, _ *slog.Logger) error {
			return examine(ctx, s, asJSON, stdout)
		})
	case "languages":
		err = runLanguages(ctx, rest, environ, os.Stdin, stdout, stderr)
	case "bench":
		err = bench(ctx, rest, stdout, stderr)
	case "hints":
		err = hints(ctx, rest, environ, stdout, stderr)
	case "admin":
		err = runAdmin(ctx, rest, environ, stdout, stderr)
	case "backup":
		err = runBackup(ctx, rest, environ, stdout, stderr)
	case "restore":
		err = runRestore(ctx, rest, environ, stdout, stderr)
	case "migrate":
		err = runMigrate(ctx, rest, environ, stdout, stderr)
	case "verify":
		err = runVerify(ctx, rest, environ, stdout, stderr)
	case "attack":
		err = attack(ctx, rest, stdout, stderr)
	case "version":
		fmt.Fprintln(stdout, build())
	case "help", "--help", "-h":
		fmt.Fprint(stdout, usage)
	default:
		fmt.Fprintf(stderr, "codecollab: there is no command %q.\n\n%s", name, usage)
		return 2
	}
	wrongly, called := errors.AsType[usageError](err)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case called:
		fmt.Fprintf(stderr, "codecollab: %v\n", wrongly)
		return 2
	default:
		fmt.Fprintf(stderr, "codecollab: %v\n", err)
		return 1
	}
}

// settingsOf leaves out what begins like a setting and is none.
func settingsOf(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(e string) bool { return strings.HasPrefix(e, announceVar+"=") })
}

// withSettings reads the settings of a command and makes its logger.
func withSettings(command string, args, environ []string, stderr io.Writer, f func(config.Settings, *slog.Logger) error) error {
	s, err := config.Load(command, args, settingsOf(environ), stderr)
	if err != nil {
		return err
	}
	opt := &slog.HandlerOptions{Level: s.LogLevel}
	var h slog.Handler = slog.NewTextHandler(stderr, opt)
	if s.LogFormat == "json" {
		h = slog.NewJSONHandler(stderr, opt)
	}
	return f(s, slog.New(answer.NameRequests(h)))
}

func attack(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return attacks.Main(ctx, args, stdout, stderr, self)
}

func bench(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	switch {
	case len(args) > 0 && args[0] == "sync":
		return syncbench.Main(ctx, args[1:], stdout, stderr, []string{self, "serve"})
	case len(args) > 0 && args[0] == "voice":
		return voicebench.Main(ctx, args[1:], stdout, stderr, self)
	case len(args) > 0 && args[0] == "run":
		return runbench.Main(ctx, args[1:], stdout, stderr, self)
	case len(args) > 0 && args[0] == "chaos":
		return chaos.Main(ctx, args[1:], stdout, stderr, self)
	case len(args) > 0 && args[0] == "soak":
		return soak.Main(ctx, args[1:], stdout, stderr, self)
	case len(args) > 0 && args[0] == "nodes":
		return nodebench.Main(ctx, args[1:], stdout, stderr, self)
	case len(args) > 0 && args[0] == "history":
		return benchHistory(ctx, args[1:], stdout, stderr, self)
	case len(args) > 0 && args[0] == "hints":
		return hintbench.Main(ctx, args[1:], stdout, stderr, self)
	}
	return errors.New("there are eight benchmarks: codecollab bench sync, run, voice, hints, history, nodes, chaos and soak")
}

// build names this build: its version, and the commit where the toolchain knows it.
func build() string {
	commit := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				commit = " (" + s.Value[:12] + ")"
			}
		}
	}
	return fmt.Sprintf("codecollab %s%s %s %s/%s", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
