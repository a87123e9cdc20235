// Package nodes keeps which nodes of an installation are alive: each renews a line in the database that all of them share; and which
// node has what only one may have at a time. All times
// are by the database's clock, so that nodes need not agree on theirs.
package nodes

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"codecollab.dev/internal/store/engine"
)

//go:embed migrations
var migrations embed.FS

// Node is one process that serves.
type Node struct {
	ID       string // of the process, and never again
	Name     string // what people call it
	Address  string // where it listens
	Version  string
	Protocol int // the newest that it speaks with pages
	Since    time.Time
	Seen     time.Time
	Leaving  bool // it is being stopped
}

// Table is the list.
type Table struct{ db *engine.DB }

// Open opens it.
func Open(ctx context.Context, source engine.Source) (*Table, error) {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	db, err := source.Open(ctx, "nodes", folder, 1)
	if err != nil {
		return nil, err
	}
	return &Table{db}, nil
}

// clock is the database's, in ms since the Unix epoch.
const clock = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"

// Beat says that a node is alive, and how it is.
func (t *Table) Beat(ctx context.Context, n Node) error {
	_, err := t.db.ExecContext(ctx, `INSERT INTO nodes (id, name, address, version, protocol, leaving, since, seen) VALUES (?, ?, ?, ?, ?, ?, `+clock+`, `+clock+`)
		ON CONFLICT (id) DO UPDATE SET leaving = excluded.leaving, seen = excluded.seen`, n.ID, n.Name, n.Address, n.Version, n.Protocol, n.Leaving)
	return err
}

// Live lists the nodes that have said so within a time, the oldest first, and forgets those of which nobody has heard for much longer.
func (t *Table) Live(ctx context.Context, within time.Duration) ([]Node, error) {
	if _, err := t.db.ExecContext(ctx, "DELETE FROM nodes WHERE seen < "+clock+" - ?", 100*within.Milliseconds()); err != nil {
		return nil, err
	}
	rows, err := t.db.QueryContext(ctx, `SELECT id, name, address, version, protocol, leaving, since, seen FROM nodes
		WHERE seen >= `+clock+` - ? ORDER BY since, id`, within.Milliseconds())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Node
	for rows.Next() {
		var n Node
		var since, seen int64
		if err := rows.Scan(&n.ID, &n.Name, &n.Address, &n.Version, &n.Protocol, &n.Leaving, &since, &seen); err != nil {
			return nil, err
		}
		n.Since, n.Seen = time.UnixMilli(since), time.UnixMilli(seen)
		out = append(out, n)
	}
	return out, rows.Err()
}

// Leave takes a node off the list: it has stopped.
func (t *Table) Leave(ctx context.Context, id string) error {
	_, err := t.db.ExecContext(ctx, "DELETE FROM nodes WHERE id = ?", id)
	return err
}

// Lease gives a node something that one node at a time has, for so long, if no other has it. The answer is who has it.
func (t *Table) Lease(ctx context.Context, name, node string, d time.Duration) (holder string, err error) {
	_, err = t.db.ExecContext(ctx, `INSERT INTO leases (name, holder, until) VALUES (?1, ?2, `+clock+` + ?3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE leases.holder = excluded.holder OR leases.until < `+clock, name, node, d.Milliseconds())
	if err != nil {
		return "", err
	}
	err = t.db.QueryRowContext(ctx, "SELECT holder FROM leases WHERE name = ?", name).Scan(&holder)
	return holder, err
}

// Release gives it back.
func (t *Table) Release(ctx context.Context, name, node string) error {
	_, err := t.db.ExecContext(ctx, "DELETE FROM leases WHERE name = ? AND holder = ?", name, node)
	return err
}

// Close closes the list.
func (t *Table) Close() error { return t.db.Close() }
