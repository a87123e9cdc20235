package people

import (
	"context"
	"crypto/sha256"
	"time"

	"codecollab.dev/internal/auth"
)

// Use notes the name of something that may be used once, and says whether it was new. It may be forgotten after until.
func (s *Store) Use(ctx context.Context, name string, until time.Time) (isNew bool, err error) {
	hash := sha256.Sum256([]byte(name))
	n, err := s.change(ctx, "INSERT INTO once (kind, hash, expires) VALUES ('used', ?, ?) ON CONFLICT DO NOTHING", hash[:], millis(until))
	return n == 1, err
}

// SessionsBy lists the sessions that came by a connection or provider.
func (s *Store) SessionsBy(ctx context.Context, via string) ([]auth.Session, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT id, account, detail FROM sessions WHERE via = ?", via)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []auth.Session
	for rows.Next() {
		found := auth.Session{Via: via}
		if err := rows.Scan(&found.ID, &found.Account, &found.Detail); err != nil {
			return nil, err
		}
		out = append(out, found)
	}
	return out, rows.Err()
}
