package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/store/people"
)

const adminUsage = `codecollab admin link           a link by which somebody becomes the first administrator
codecollab admin reset EMAIL    a link by which the person with this address gets a new password
codecollab admin forget-keys    lets nodes of one database start with other keys than they had, when those are lost

They work beside a server that runs. Settings follow: --data, --database-url-file, --public-url, --addr.
`

// runAdmin is "codecollab admin": what an administrator of the machine may do without signing in.
func runAdmin(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	what, email, rest := "", "", args
	if len(rest) > 0 {
		what, rest = rest[0], rest[1:]
	}
	if what == "reset" && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		email, rest = rest[0], rest[1:]
	}
	if what != "link" && what != "forget-keys" && (what != "reset" || email == "") {
		return usageError{"admin does three things:\n\n" + adminUsage}
	}
	return withSettings("serve", rest, environ, stderr, func(s config.Settings, log *slog.Logger) error {
		kept, err := findStores(ctx, s, log)
		if err != nil {
			return err
		}
		db, err := people.Open(ctx, kept.source, kept.conns.people)
		if err != nil {
			return err
		}
		if what == "forget-keys" {
			err := errors.Join(db.Disagree(ctx, sealKey), db.Disagree(ctx, samlKey), db.Close())
			if err == nil {
				_, err = fmt.Fprintln(stdout, "The next node that starts says which keys are right. Restart all nodes, and set up again what was sealed with the lost ones.")
			}
			return err
		}
		path, err := adminPath(ctx, newPeopleDesk(s, db, noVisits{}, nil, log), db, what, email)
		if err == nil {
			base := s.PublicURL
			if base == "" {
				base = guessURL(s.Addr)
			}
			_, err = fmt.Fprintln(stdout, strings.TrimSuffix(base, "/")+path)
		}
		return errors.Join(err, db.Close())
	})
}

// adminPath is the path of the link that is asked for.
func adminPath(ctx context.Context, desk *auth.Desk, db *people.Store, what, email string) (string, error) {
	if what == "link" {
		token, err := desk.SetupToken(ctx)
		if err == nil && token == "" {
			err = errors.New("there is an administrator already; \"codecollab admin reset EMAIL\" gives them a new password")
		}
		return "/setup#" + token, err
	}
	found, err := db.AccountsWith(ctx, strings.ToLower(email))
	if err != nil {
		return "", err
	}
	found = slices.DeleteFunc(found, func(a auth.Account) bool { return !a.Active })
	if len(found) != 1 {
		return "", fmt.Errorf("%d people who may come in have the address %s; it has to be one", len(found), email)
	}
	token, err := desk.ResetToken(ctx, found[0].ID)
	if err != nil {
		return "", err
	}
	desk.Note(ctx, auth.Entry{Action: auth.ActResetMade, Target: found[0].ID, Detail: map[string]string{"by": "the command line"}})
	return "/reset#" + token, nil
}

// noVisits stands in for the rooms where nobody signs in.
type noVisits struct{}

func (noVisits) MoveVisits(context.Context, string, string) error { return nil }

// guessURL is where a server that listens on an address is found from this machine.
func guessURL(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "http://localhost"
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && (ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// offerSetup logs, where there is no administrator, a link by which somebody becomes one. It works once, and not for long.
func offerSetup(ctx context.Context, desk *auth.Desk, base string, log *slog.Logger) error {
	token, err := desk.SetupToken(ctx)
	if err != nil || token == "" {
		return err
	}
	log.Info("there is no administrator yet; whoever opens this link becomes it", "link", strings.TrimSuffix(base, "/")+"/setup#"+token,
		"until", time.Now().Add(auth.SetupFor).Format(time.DateTime), "another", "codecollab admin link")
	return nil
}
