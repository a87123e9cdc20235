package people

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/store/engine"
)

// Append adds a line to the audit log, and gives it its number.
func (s *Store) Append(ctx context.Context, e auth.Entry) error {
	if e.Detail == nil {
		e.Detail = map[string]string{}
	}
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, `INSERT INTO audit (at, org, person, name, action, target, outcome, address, agent, detail)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.At.UnixMilli(), e.Org, e.Person, e.Name, e.Action, e.Target, e.Outcome, e.Address, e.Agent, engine.CleanJSON(string(detail)))
	return err
}

// Entries finds lines of the audit log. People who have been deleted have no name there, whatever the line says.
func (s *Store) Entries(ctx context.Context, q auth.AuditQuery) ([]auth.Entry, error) {
	where, args := entriesWhere(q)
	order := "DESC"
	if q.Oldest {
		order = "ASC"
	}
	rows, err := s.db.QueryContext(ctx, `SELECT seq, at, org, person, name, action, target, outcome, address, agent, detail,
		person IN (SELECT person FROM erased), target IN (SELECT person FROM erased)
		FROM audit WHERE `+strings.Join(where, " AND ")+" ORDER BY seq "+order+" LIMIT ?", append(args, q.Limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []auth.Entry{}
	for rows.Next() {
		var e auth.Entry
		var at int64
		var detail string
		var byErased, ofErased bool
		err := rows.Scan(&e.Seq, &at, &e.Org, &e.Person, &e.Name, &e.Action, &e.Target, &e.Outcome, &e.Address, &e.Agent, &detail, &byErased, &ofErased)
		if err != nil {
			return nil, err
		}
		e.At = time.UnixMilli(at).UTC()
		if err := json.Unmarshal([]byte(detail), &e.Detail); err != nil {
			return nil, err
		}
		out = append(out, withoutErased(e, byErased, ofErased))
	}
	return out, rows.Err()
}

// withoutErased takes out of a line what says who a deleted person was. That it happened, when, and to which id, stays.
func withoutErased(e auth.Entry, by, of bool) auth.Entry {
	if by {
		e.Name, e.Address, e.Agent = auth.DeletedPerson, "", ""
	}
	if by || of {
		delete(e.Detail, "name")
		delete(e.Detail, "email")
		delete(e.Detail, "address")
	}
	return e
}

func entriesWhere(q auth.AuditQuery) (where []string, args []any) {
	where = []string{"true"}
	add := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if !q.All {
		add("org = ?", q.Org)
	}
	if len(q.Actions) > 0 {
		names := make([]any, 0, len(q.Actions))
		for _, a := range q.Actions {
			names = append(names, a)
		}
		add("action IN (?"+strings.Repeat(", ?", len(names)-1)+")", names...)
	}
	if q.Person != "" {
		add("(person = ? OR target = ? OR detail ->> 'person' = ?)", q.Person, q.Person, q.Person)
	}
	if q.Room != "" {
		add("(target = ? OR detail ->> 'room' = ?)", q.Room, q.Room)
	}
	switch q.Outcome {
	case "":
	case "failed":
		add("outcome <> ?", auth.OK)
	default:
		add("outcome = ?", q.Outcome)
	}
	if !q.Since.IsZero() {
		add("at >= ?", q.Since.UnixMilli())
	}
	if !q.Until.IsZero() {
		add("at < ?", q.Until.UnixMilli())
	}
	if q.Before > 0 {
		add("seq < ?", q.Before)
	}
	if q.After > 0 {
		add("seq > ?", q.After)
	}
	if q.Text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(q.Text) + "%"
		// Who has been deleted is not found by what they were called.
		add(`((lower(name || ' ' || address || ' ' || agent || ' ' || detail) LIKE lower(?) ESCAPE '\' AND person NOT IN (SELECT person FROM erased)
			AND target NOT IN (SELECT person FROM erased)) OR lower(person || ' ' || action || ' ' || target || ' ' || outcome) LIKE lower(?) ESCAPE '\')`, like, like)
	}
	return where, args
}

// KeepAudit sets how long lines are kept (0: for ever), and removes those that are older. It says how many those were.
func (s *Store) KeepAudit(ctx context.Context, keep time.Duration) (int64, error) {
	ms := keep.Milliseconds()
	if _, err := s.db.ExecContext(ctx, "UPDATE audit_keep SET keep = ? WHERE keep <> ?", ms, ms); err != nil || ms == 0 {
		return 0, err
	}
	removed := int64(0)
	for { // in small steps, so that nobody who signs in waits for long
		res, err := s.db.ExecContext(ctx, `DELETE FROM audit WHERE seq IN (SELECT seq FROM audit
			WHERE at <= `+s.now()+` - ? ORDER BY at LIMIT ?)`, ms, sweepStep)
		if err != nil {
			return removed, err
		}
		n, err := res.RowsAffected()
		removed += n
		if err != nil || n < sweepStep {
			return removed, err
		}
	}
}

// sweepStep is how many rows one statement of a sweep removes.
const sweepStep = 1000
