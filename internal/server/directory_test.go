package server

import (
	"fmt"
	"net/http"
	"testing"
)

func TestTheAdministratorLooksAfterPeople(t *testing.T) {
	h := newHouse(t)
	token, err := h.door.desk.SetupToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.call(h.client, "POST", "/api/v1/auth/setup",
		fmt.Sprintf(`{"token":%q,"name":"Root","email":"root@example.org","password":%q}`, token, testPassword), http.StatusNoContent, nil)
	ann := newPerson(t)
	account := h.register(ann, "ann@example.org")
	one := "/api/v1/admin/people/" + account

	var found struct {
		People []struct{ ID, Email string }
		Next   string
	}
	h.call(h.client, "GET", "/api/v1/admin/people?q=ann@", "", http.StatusOK, &found)
	if len(found.People) != 1 || found.People[0].ID != account || found.Next != "" {
		t.Errorf("%+v", found)
	}
	h.call(ann, "GET", "/api/v1/admin/people", "", http.StatusForbidden, nil)
	h.call(ann, "PUT", one, `{"admin":true}`, http.StatusForbidden, nil)
	h.call(newPerson(t), "GET", "/api/v1/admin/people", "", http.StatusUnauthorized, nil)

	h.call(h.client, "PUT", one, `{"admin":true}`, http.StatusOK, nil)
	h.call(ann, "GET", "/api/v1/admin/people", "", http.StatusOK, nil)
	h.call(h.client, "PUT", one, `{"admin":false,"active":false}`, http.StatusOK, nil)
	h.call(ann, "GET", "/api/v1/me", "", http.StatusUnauthorized, nil)
	h.signIn(newPerson(t), "ann@example.org", testPassword, http.StatusForbidden)
	h.call(h.client, "PUT", one, `{"active":true}`, http.StatusOK, nil)
	h.signIn(ann, "ann@example.org", testPassword, http.StatusNoContent)
	h.call(ann, "GET", "/api/v1/admin/people", "", http.StatusForbidden, nil)

	// There is always an administrator left.
	h.call(h.client, "PUT", "/api/v1/admin/people/"+h.personOf(h.client), `{"admin":false}`, http.StatusConflict, nil)
	h.call(h.client, "PUT", "/api/v1/admin/people/"+h.personOf(h.client), `{"active":false}`, http.StatusConflict, nil)
	h.call(h.client, "PUT", "/api/v1/admin/people/nobody", `{"active":false}`, http.StatusNotFound, nil)
}
