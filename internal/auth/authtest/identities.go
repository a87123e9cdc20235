package authtest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
)

func known(provider, subject string, later time.Duration) auth.KnownAs {
	return auth.KnownAs{Provider: provider, Subject: subject, Created: noon.Add(later)}
}

func identities(t *testing.T, s auth.Store) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, account("u1"), "https://one", "a"))
	must(t, s.AddAccount(ctx, account("u2"), "https://one", "b"))
	must(t, s.AddIdentity(ctx, "u1", known("github", "7", time.Hour)))
	want(t, s.AddIdentity(ctx, "u2", known("github", "7", time.Hour)), "taken")
	want(t, s.AddIdentity(ctx, "u3", known("github", "8", time.Hour)), "no_account")
	all, err := s.IdentitiesOf(ctx, "u1")
	must(t, err)
	if len(all) != 2 || all[0].Provider != "https://one" || all[1].Subject != "7" || !all[1].Created.Equal(noon.Add(time.Hour)) {
		t.Errorf("identities %+v", all)
	}
	a, err := s.AccountBy(ctx, "github", "7")
	must(t, err)
	equal(t, "account", a.ID, "u1")

	refused := errors.New("not enough")
	err = s.EndIdentity(ctx, "u1", "github", func(left []auth.KnownAs, passkeys int) error {
		if len(left) != 1 || left[0].Provider != "https://one" || passkeys != 0 {
			t.Errorf("%+v and %d passkeys stay", left, passkeys)
		}
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("error %v", err)
	}
	_, err = s.AccountBy(ctx, "github", "7")
	must(t, err)
	enough := func([]auth.KnownAs, int) error { return nil }
	must(t, s.EndIdentity(ctx, "u1", "github", enough))
	want(t, s.EndIdentity(ctx, "u1", "github", enough), "no_identity")
	_, err = s.AccountBy(ctx, "github", "7")
	want(t, err, "no_account")
}

// oneWayStays: of two who take the last two ways away at once, one is refused.
func oneWayStays(t *testing.T, s auth.Store) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, account("u1"), "https://one", "a"))
	refused := errors.New("the last one")
	for round := range 20 {
		if err := s.AddIdentity(ctx, "u1", known("github", "7", 0)); err != nil {
			must(t, s.AddIdentity(ctx, "u1", known("https://one", "a", 0)))
		}
		var wg sync.WaitGroup
		for _, provider := range []string{"https://one", "github"} {
			wg.Go(func() {
				err := s.EndIdentity(ctx, "u1", provider, func(left []auth.KnownAs, _ int) error {
					if len(left) == 0 {
						return refused
					}
					return nil
				})
				if err != nil && !errors.Is(err, refused) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if all, err := s.IdentitiesOf(ctx, "u1"); err != nil || len(all) != 1 {
			t.Fatalf("round %d: %+v stay, %v", round, all, err)
		}
	}
}
