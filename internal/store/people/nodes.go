package people

import (
	"context"
	"time"
)

// Agree notes what something of this installation is, if nobody has yet, and returns what it is: to all nodes the same.
func (s *Store) Agree(ctx context.Context, name, value string) (string, error) {
	_, err := s.change(ctx, "INSERT INTO installation (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", name, value)
	if err != nil {
		return "", err
	}
	return s.Agreed(ctx, name)
}

// Agreed is what was noted first; "" when nothing was.
func (s *Store) Agreed(ctx context.Context, name string) (value string, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT coalesce((SELECT value FROM installation WHERE name = ?), '')", name).Scan(&value)
	return value, err
}

// Disagree forgets what was noted.
func (s *Store) Disagree(ctx context.Context, name string) error {
	_, err := s.change(ctx, "DELETE FROM installation WHERE name = ?", name)
	return err
}

// Lease gives some work to a holder for a time, or says that another one has it. Whoever has it asks again before the time is
// over; whoever is gone loses it then. The database's clock counts, so that no node's does.
func (s *Store) Lease(ctx context.Context, work, holder string, length time.Duration) (bool, error) {
	n, err := s.change(ctx, `INSERT INTO leases (name, holder, until) VALUES (?, ?, `+s.now()+` + CAST(? AS BIGINT))
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE leases.holder = excluded.holder OR leases.until < `+s.now(), work, holder, length.Milliseconds())
	return n > 0, err
}

// EndLease gives work back before its time is over.
func (s *Store) EndLease(ctx context.Context, work, holder string) error {
	_, err := s.change(ctx, "DELETE FROM leases WHERE name = ? AND holder = ?", work, holder)
	return err
}
