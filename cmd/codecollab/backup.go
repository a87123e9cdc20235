package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/moving"
)

// runBackup is "codecollab backup".
func runBackup(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	to, rest := argument(args)
	if to == "" {
		return usageError{"backup needs the name of a new folder or file: codecollab backup NAME (a folder), or NAME.tar or NAME.tar.gz. " +
			"Settings follow: --data, --database-url-file"}
	}
	return withSettings("serve", rest, environ, stderr, func(s config.Settings, _ *slog.Logger) error {
		shown := newSteps(stderr)
		made, err := moving.Backup(ctx, placeOf(s), to, build(), shown.tell)
		shown.end()
		if err != nil {
			return fmt.Errorf("no backup was made: %w", err)
		}
		fmt.Fprintf(stdout, "%s holds all of %v as it was at one moment: %d rooms, %d events, %d accounts. It was read again and verified.\n",
			to, placeOf(s), made.Report.Rooms, made.Report.Events, made.Manifest.Tables["people.accounts"].Size)
		if made.Keys != "" {
			fmt.Fprintf(stdout, "The keys (%s) are apart, in %s: they open the secrets of connections and sign for you, "+
				"so keep them in another place than the rest.\n",
				strings.Join(made.Manifest.Keys, ", "), made.Keys)
		}
		return judge(stdout, made.Report)
	})
}

// runRestore is "codecollab restore".
func runRestore(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	from, rest := argument(args)
	if from == "" {
		return usageError{"restore needs a backup: codecollab restore NAME --data DIR, or with --database-url-file FILE for Postgres. " +
			"The place has to be empty"}
	}
	return withSettings("serve", rest, environ, stderr, func(s config.Settings, _ *slog.Logger) error {
		shown := newSteps(stderr)
		out, err := moving.Restore(ctx, from, placeOf(s), shown.tell)
		shown.end()
		if err != nil {
			return fmt.Errorf("nothing was restored: %w", err)
		}
		fmt.Fprintf(stdout, "%v has all of the backup of %s: %d rooms, %d events, %d accounts. It was verified.\n",
			placeOf(s), out.Manifest.Made.Format("2006-01-02 15:04:05 MST"), out.Report.Rooms, out.Report.Events, out.Manifest.Tables["people.accounts"].Size)
		if len(out.NoKeys) > 0 {
			fmt.Fprintf(stdout, "The keys (%s) were not beside the backup. Put them into %s before you start the server: "+
				"without them, connections to identity providers do not open.\n",
				strings.Join(out.NoKeys, ", "), s.Data)
		}
		return judge(stdout, out.Report)
	})
}

// judge tells of what is wrong in what was copied; the copy is as good as what it was made of.
func judge(w io.Writer, r *moving.Report) error {
	if r.Well() {
		return nil
	}
	if err := writeReport(w, r); err != nil {
		return err
	}
	return fmt.Errorf("the copy is true, but what was copied is damaged: %w", errDamaged)
}
