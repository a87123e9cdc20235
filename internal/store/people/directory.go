package people

import (
	"context"
	"strings"

	"codecollab.dev/internal/auth"
)

// People finds accounts, the newest first.
func (s *Store) People(ctx context.Context, q auth.PeopleQuery) ([]auth.Account, error) {
	where, args := []string{"true"}, []any{}
	for word := range strings.FieldsSeq(q.Text) {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word) + "%"
		where = append(where, `lower(a.name || ' ' || coalesce(a.email, '')) LIKE lower(?) ESCAPE '\'`)
		args = append(args, like)
	}
	if q.After != "" {
		where = append(where, "(a.created, a.id) < (SELECT created, id FROM accounts WHERE id = ?)")
		args = append(args, q.After)
	}
	rows, err := s.db.QueryContext(ctx, "SELECT "+accountColumns+" FROM accounts a WHERE "+strings.Join(where, " AND ")+
		" ORDER BY a.created DESC, a.id DESC LIMIT ?", append(args, q.Limit)...)
	return collect(rows, err, accountInto)
}
