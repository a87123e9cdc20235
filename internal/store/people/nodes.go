package people

import "context"

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
