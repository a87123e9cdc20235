package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/moving"
)

// errDamaged is the end of "verify" when it found something; what it was is printed already.
var errDamaged = errors.New("not everything is as it should be")

// runVerify is "codecollab verify".
func runVerify(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	from, rest := argument(args)
	asJSON := slices.Contains(rest, "--json")
	rest = slices.DeleteFunc(slices.Clone(rest), func(a string) bool { return a == "--json" })
	return withSettings("serve", rest, environ, stderr, func(s config.Settings, _ *slog.Logger) error {
		shown := newSteps(stderr)
		report, err := verifyAny(ctx, from, s, shown.tell)
		shown.end()
		if err != nil {
			return err
		}
		if asJSON {
			err = json.NewEncoder(stdout).Encode(struct {
				Well bool `json:"well"`
				*moving.Report
			}{report.Well(), report})
		} else {
			err = writeReport(stdout, report)
		}
		if err == nil && !report.Well() {
			return errDamaged
		}
		return err
	})
}

// verifyAny checks a backup, or without one what the settings name.
func verifyAny(ctx context.Context, backup string, s config.Settings, tell func(moving.Step)) (*moving.Report, error) {
	if backup != "" {
		return moving.VerifyBackup(ctx, backup, tell)
	}
	return moving.Verify(ctx, placeOf(s), tell)
}

// placeOf is where a server with these settings keeps its data.
func placeOf(s config.Settings) moving.Place {
	return moving.Place{Dir: s.Data, URL: s.DatabaseURL.Reveal()}
}

func writeReport(w io.Writer, r *moving.Report) error {
	fmt.Fprintf(w, "%s: %d rooms, %d events, %d snapshots, %d blocks of history\n", r.Place, r.Rooms, r.Events, r.Snapshots, r.Blocks)
	if r.Leaving > 0 {
		fmt.Fprintf(w, "%d rooms are being deleted and were not looked at\n", r.Leaving)
	}
	for _, f := range r.Findings {
		fmt.Fprintf(w, "\n%v\n", f)
	}
	if r.Unsaid > 0 {
		fmt.Fprintf(w, "\nand %d more\n", r.Unsaid)
	}
	for _, note := range r.Notes {
		fmt.Fprintf(w, "\nNote: %s\n", note)
	}
	verdict := "\nEverything is as it should be."
	if !r.Well() {
		verdict = fmt.Sprintf("\n%d things are not as they should be.", int64(len(r.Findings))+r.Unsaid)
	}
	_, err := fmt.Fprintln(w, verdict)
	return err
}

// argument takes the one argument out of a command line that is no flag: it comes first.
func argument(args []string) (first string, rest []string) {
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		return args[0], args[1:]
	}
	return "", args
}
