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

const migrateUsage = `codecollab migrate --from sqlite --to postgres --data DIR --database-url-file FILE

copies everything from a data folder that no server uses into an empty Postgres database, and verifies it there. The folder stays as it is.
The other way, --from postgres --to sqlite, works as well; stop all nodes before.
`

// runMigrate is "codecollab migrate".
func runMigrate(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	from, rest := option(args, "from")
	to, rest := option(rest, "to")
	if way := from + " " + to; way != "sqlite postgres" && way != "postgres sqlite" {
		return usageError{"migrate goes from one to the other:\n\n" + migrateUsage}
	}
	return withSettings("serve", rest, environ, stderr, func(s config.Settings, _ *slog.Logger) error {
		folder, server := moving.Place{Dir: s.Data}, placeOf(s)
		if server.URL == "" {
			return usageError{"migrate needs the address of the database (--database-url-file, or CODECOLLAB_DATABASE_URL):\n\n" + migrateUsage}
		}
		source, target := folder, server
		if from == "postgres" {
			source, target = server, folder
		}
		shown := newSteps(stderr)
		report, err := moving.Migrate(ctx, source, target, shown.tell)
		shown.end()
		if err != nil {
			return fmt.Errorf("nothing was moved: %w", err)
		}
		fmt.Fprintf(stdout, "%v has everything that %v has: %d rooms, %d events, every table compared row by row, every log verified.\n",
			target, source, report.Rooms, report.Events)
		if to == "postgres" {
			fmt.Fprintf(stdout, "Start every node with this database now. Each needs the same secret.key and saml.pem in its data folder: copy them from %s. "+
				"The files there stay as they were; move the *.db away when all is well.\n", s.Data)
		} else {
			fmt.Fprintf(stdout, "Start one server on %s now, without a database-url; secret.key and saml.pem belong there, too.\n", s.Data)
		}
		return judge(stdout, report)
	})
}

// option takes "--name value" or "--name=value" out of a command line.
func option(args []string, name string) (value string, rest []string) {
	for i := 0; i < len(args); i++ {
		switch v, is := strings.CutPrefix(args[i], "--"+name+"="); {
		case is:
			value = v
		case args[i] == "--"+name && i+1 < len(args):
			i++
			value = args[i]
		default:
			rest = append(rest, args[i])
		}
	}
	return value, rest
}
