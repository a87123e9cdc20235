package moving

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"codecollab.dev/internal/store/engine"
)

// table is one that is copied.
type table struct {
	schema, name string
	columns      []column
	parents      []string // tables of its schema that have to be there before it
}

type column struct {
	name string
	kind kind
	json bool // Postgres looks into it
}

// looked are the columns of JSON that queries look into.
var looked = []string{"people.audit.detail", "people.scim_resources.data"}

// kind is what a column holds, in both engines.
type kind byte

const (
	integer kind = iota + 1
	text
	blob
)

func (t table) String() string { return t.schema + "." + t.name }

// quoted is the table's name in SQL; some are words of the language.
func (t table) quoted() string { return t.schema + "." + quote(t.name) }

func quote(name string) string { return `"` + name + `"` }

func (t table) columnNames() []string {
	out := make([]string, len(t.columns))
	for i, c := range t.columns {
		out[i] = c.name
	}
	return out
}

// list is the columns in SQL.
func (t table) list() string {
	names := t.columnNames()
	for i := range names {
		names[i] = quote(names[i])
	}
	return strings.Join(names, ", ")
}

// catalogue finds the tables in SQLite files, in an order in which they can be filled.
func catalogue(ctx context.Context, q querier) ([]table, error) {
	var out []table
	for _, schema := range schemas {
		names, err := column1[string](ctx, q, "SELECT name FROM "+schema+
			".sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '"+versions+"' ORDER BY name")
		if err != nil {
			return nil, fmt.Errorf("%s.db: %w", schema, err)
		}
		var found []table
		for _, name := range names {
			t, err := tableOf(ctx, q, schema, name)
			if err != nil {
				return nil, err
			}
			found = append(found, t)
		}
		out = append(out, parentsFirst(found)...)
	}
	return out, nil
}

// versions is where goose keeps which migrations were made.
const versions = "goose_db_version"

func tableOf(ctx context.Context, q querier, schema, name string) (table, error) {
	t := table{schema: schema, name: name}
	rows, err := q.QueryContext(ctx, "SELECT name, type FROM pragma_table_info(?, ?)", name, schema)
	if err != nil {
		return t, err
	}
	defer rows.Close()
	for rows.Next() {
		var c column
		var declared string
		if err := rows.Scan(&c.name, &declared); err != nil {
			return t, err
		}
		if c.kind = map[string]kind{"INTEGER": integer, "TEXT": text, "BLOB": blob}[declared]; c.kind == 0 {
			return t, fmt.Errorf("column %s of %v is of the type %s, which is not copied", c.name, t, declared)
		}
		c.json = slices.Contains(looked, t.String()+"."+c.name)
		t.columns = append(t.columns, c)
	}
	if err := rows.Err(); err != nil {
		return t, err
	}
	t.parents, err = column1[string](ctx, q, `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?, ?)`, name, schema)
	return t, err
}

// parentsFirst puts tables behind those that they refer to.
func parentsFirst(tables []table) []table {
	var out []table
	placed := func(name string) bool {
		return slices.ContainsFunc(out, func(t table) bool { return t.name == name })
	}
	for len(out) < len(tables) {
		before := len(out)
		for _, t := range tables {
			if !placed(t.name) && !slices.ContainsFunc(t.parents, func(p string) bool { return p != t.name && !placed(p) }) {
				out = append(out, t)
			}
		}
		if len(out) == before {
			return tables // they refer to each other in a circle; the engine will say so
		}
	}
	return out
}

// column1 reads the one column of a query.
func column1[T any](ctx context.Context, q querier, query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// row is one row of a table, as integers, texts and bytes.
type row []any

// scanner reads rows of a table one after the other.
type scanner struct {
	table
	rows *sql.Rows
}

// scan begins to read all rows of a table.
func (t table) scan(ctx context.Context, q querier) (*scanner, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+t.list()+" FROM "+t.quoted())
	if err != nil {
		return nil, fmt.Errorf("%v: %w", t, err)
	}
	return &scanner{t, rows}, nil
}

// next is the next row, or none at the end.
func (s *scanner) next() (row, error) {
	if !s.rows.Next() {
		if err := s.rows.Err(); err != nil {
			return nil, fmt.Errorf("%v: %w", s.table, err)
		}
		return nil, nil
	}
	out := make(row, len(s.columns))
	into := make([]any, len(out))
	for i := range out {
		into[i] = &out[i]
	}
	if err := s.rows.Scan(into...); err != nil {
		return nil, fmt.Errorf("%v: %w", s.table, err)
	}
	for i, c := range s.columns {
		v, err := c.kind.of(out[i])
		if err != nil {
			return nil, fmt.Errorf("%v, column %s: %w", s.table, c.name, err)
		}
		if text, ok := v.(string); ok && c.json {
			v = engine.CleanJSON(text)
		}
		out[i] = v
	}
	return out, nil
}

// of is a value in the one way in which it is written and counted, whatever engine it comes from.
func (k kind) of(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case int64:
		if k == integer {
			return v, nil
		}
	case bool:
		if k == integer {
			if v {
				return int64(1), nil
			}
			return int64(0), nil
		}
	case string:
		switch k {
		case text:
			return v, nil
		case blob:
			return []byte(v), nil
		}
	case []byte:
		switch k {
		case text:
			return string(v), nil
		case blob:
			return v, nil
		}
	}
	return nil, fmt.Errorf("a value of the type %T is not what belongs there", v)
}
