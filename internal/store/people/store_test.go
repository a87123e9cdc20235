package people

import (
	"testing"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/authtest"
)

func TestTheStoreOfPeople(t *testing.T) {
	authtest.Store(t, func(t *testing.T) auth.Store { return openTest(t) })
}
