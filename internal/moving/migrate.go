package moving

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"codecollab.dev/internal/store"
)

// Migrate moves everything from SQLite to Postgres or back: it copies, compares, and verifies. The place that it comes from stays as it is. No
// server may use the data folder. Broken off, the other place is as empty as before, and it is begun again.
func Migrate(ctx context.Context, from, to Place, tell func(Step)) (*Report, error) {
	if to.URL == "" {
		return toFolder(ctx, from, to, tell)
	}
	if err := exists(from); err != nil {
		return nil, err
	}
	for _, p := range []Place{from, to} {
		if err := prepare(ctx, p); err != nil {
			return nil, err
		}
	}
	lock, err := store.Lock(from.Dir)
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	if _, err := fill(ctx, from, to, tell); err != nil {
		return nil, err
	}
	return Verify(ctx, to, tell)
}

// exists makes sure that there is something to be moved, so that a wrong name makes no empty folder.
func exists(p Place) error {
	if _, err := os.Stat(p.file("rooms")); err != nil {
		return fmt.Errorf("%v has nothing that could be moved: %w", p, err)
	}
	return nil
}

func toFolder(ctx context.Context, from, to Place, tell func(Step)) (_ *Report, err error) {
	if err := os.MkdirAll(to.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	lock, err := store.Lock(to.Dir)
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	work := filepath.Join(to.Dir, unfinished)
	if err := vacant(to, work, databases()); err != nil {
		return nil, err
	}
	if err := os.Mkdir(work, 0o700); err != nil {
		return nil, err
	}
	copied := Place{Dir: work}
	report, err := func() (*Report, error) {
		if err := prepare(ctx, copied); err != nil {
			return nil, err
		}
		if _, err := fill(ctx, from, copied, tell); err != nil {
			return nil, err
		}
		if err := syncAll(work); err != nil {
			return nil, err
		}
		return Verify(ctx, copied, tell)
	}()
	if err == nil {
		report.Place = to.String()
		if err := settle(work, to); err != nil {
			return nil, fmt.Errorf("%w; begin again", err) // what is left says that the folder is not whole
		}
	}
	return report, errors.Join(err, os.RemoveAll(work))
}
