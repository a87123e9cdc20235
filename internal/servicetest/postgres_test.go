package servicetest

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestPostgres(t *testing.T) {
	first, second := Postgres(t), Postgres(t)
	for _, url := range []string{first, second} {
		c, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(t.Context())
		if _, err := c.Exec(t.Context(), "CREATE TABLE mine (n INT)"); err != nil {
			t.Errorf("%s is not fresh, or not ours: %v", url, err)
		}
		var super bool
		if err := c.QueryRow(t.Context(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user").Scan(&super); err != nil || super {
			t.Errorf("a superuser: %v, %v", super, err)
		}
	}
}

func TestAPostgresThatIsStopped(t *testing.T) {
	p := OwnPostgres(t)
	url := p.URL(p.Database(t))
	for _, end := range []func(testing.TB){p.Stop, p.Crash} {
		end(t)
		if _, err := pgx.Connect(t.Context(), url); err == nil {
			t.Fatal("it goes on")
		}
		p.Start(t)
		c, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		c.Close(t.Context())
	}
}
