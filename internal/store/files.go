package store

import (
	"context"
	"database/sql"
	"errors"

	"codecollab.dev"
)

// RunFile is a file that a program left.
type RunFile struct {
	Name string
	Type string
	Data []byte
}

// PutFiles keeps the files of a run, all or none, in the place of those that it had. While the room has more than most bytes,
// those of its oldest runs go.
func (s *Store) PutFiles(ctx context.Context, room string, run codecollab.Version, files []RunFile, most int64) error {
	tx, err := s.files.BeginTx(ctx, nil)
	if err != nil {
		return storageError(err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit there is nothing to roll back
	if _, err := tx.ExecContext(ctx, "DELETE FROM run_files WHERE room = ? AND run = ?", room, run); err != nil {
		return storageError(err)
	}
	for _, f := range files {
		_, err := tx.ExecContext(ctx, `INSERT INTO run_files (room, run, name, type, size, data) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, room, run, f.Name, f.Type, len(f.Data), f.Data)
		if err != nil {
			return storageError(err)
		}
	}
	// The sum runs from the newest run to the oldest; where it has passed the bound, all goes.
	_, err = tx.ExecContext(ctx, `DELETE FROM run_files WHERE room = ?1 AND run IN (
		SELECT run FROM (SELECT run, sum(sum(size)) OVER (ORDER BY run DESC) AS upto FROM run_files WHERE room = ?1 GROUP BY run) AS sums
		WHERE upto > ?2)`, room, most)
	if err != nil {
		return storageError(err)
	}
	return storageError(tx.Commit())
}

// File returns a file of a run; error "no_file".
func (s *Store) File(ctx context.Context, room string, run codecollab.Version, name string) (kind string, data []byte, err error) {
	err = s.files.QueryRowContext(ctx, "SELECT type, data FROM run_files WHERE room = ? AND run = ? AND name = ?", room, run, name).
		Scan(&kind, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, codecollab.Errorf(codecollab.NotFound, "no_file",
			"This run left no file %.80q, or the room has made room for newer ones. Run the program again to have it.", name)
	}
	return kind, data, err
}
