// Package scim speaks SCIM 2.0 (RFC 7643 and 7644), by which an organisation's identity provider says who its people and groups
// are: as the RFCs have it, and as Okta and Entra ID really send it. What it means for accounts is decided by package auth.
package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

// Resource is a user or a group as it is kept.
type Resource struct {
	ID       string
	Org      string
	Kind     string // User or Group
	Name     string // userName or displayName, lower case: unique in the organisation among its kind
	External string // externalId
	Email    string // of a user, lower case
	Account  string // of a user
	Active   bool   // of a user
	Role     auth.OrgRole
	Data     json.RawMessage // the attributes
	Version  int64
	Created  time.Time
	Changed  time.Time
}

// The kinds of resources.
const (
	User  = "User"
	Group = "Group"
)

// Member is somebody in a group.
type Member struct{ Group, User, Name string }

// Store keeps what identity providers have sent, that of each organisation apart.
type Store interface {
	// Resource returns one. Error "no_resource".
	Resource(ctx context.Context, org, kind, id string) (Resource, error)
	// Resources are those that a Lookup asks for, the oldest first, and how many there are in all.
	Resources(ctx context.Context, org, kind string, l Lookup) ([]Resource, int, error)
	// Save makes a resource (its version is 1) or changes it. Errors: "scim_taken", "scim_changed" when another version is kept than the
	// one before, "scim_full".
	Save(ctx context.Context, r Resource, most int) error
	// Delete takes one away. Error "no_resource".
	Delete(ctx context.Context, org, kind, id string) error
}

// Lookup says which resources are wanted. With several conditions all hold.
type Lookup struct {
	Name     string // lower case; "" asks nothing
	External string
	ID       string
	From     int // so many are left out first
	Most     int // negative: all
}

// Members keeps who is in which group.
type Members interface {
	// Members are the people in a group, by name.
	Members(ctx context.Context, org, group string) ([]Member, error)
	// GroupsOf are the groups that a user is in, by name.
	GroupsOf(ctx context.Context, org, user string) ([]Member, error)
	// ChangeMembers puts users into a group and takes others out. Error "no_resource" when one of them is no user of the organisation.
	ChangeMembers(ctx context.Context, org, group string, add, remove []string) error
}

// Directory makes accounts what the provider says.
type Directory interface {
	// Settle makes an account what a provisioned person is, finds or makes it when they have none, and returns its id.
	Settle(ctx context.Context, by auth.Actor, p auth.Provisioned) (string, error)
	// Note writes into the audit log.
	Note(ctx context.Context, e auth.Entry)
}

// Options are what a Handler is made of. Every field must be set.
type Options struct {
	Store     Store
	Members   Members
	Directory Directory
	Roles     func(ctx context.Context, org, user string) (auth.OrgRole, error) // from groups; "" when no group of the organisation has a role
	Now       func() time.Time
	Log       *slog.Logger

	MaxResources int   // users, and as many groups, of one organisation
	MaxPage      int   // resources in one answer
	MaxBody      int64 // bytes of a request
	MaxOps       int   // operations of one PATCH
}

// Caller is the provider that asks.
type Caller struct {
	Org   string
	Actor auth.Actor
	Base  string // the address of the endpoints, without a slash at the end
}

// Handler answers the requests of providers that package gate has let in.
type Handler struct{ opt Options }

// New makes a Handler.
func New(opt Options) *Handler { return &Handler{opt} }

// request is one that is being answered.
type request struct {
	*http.Request
	Caller
	w http.ResponseWriter
}

// Routes adds the endpoints to a mux, under /scim/v2; let says who asks, or writes why nobody may.
func (h *Handler) Routes(mux *http.ServeMux, let func(http.ResponseWriter, *http.Request) (Caller, error)) {
	on := func(pattern string, f func(request) error) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" /scim/v2"+path, func(w http.ResponseWriter, r *http.Request) {
			caller, err := let(w, r)
			if err == nil {
				r.Body = http.MaxBytesReader(w, r.Body, h.opt.MaxBody)
				err = f(request{r, caller, w})
			}
			if err != nil {
				h.Fail(w, r, err)
			}
		})
	}
	on("GET /ServiceProviderConfig", h.providerConfig)
	on("GET /ResourceTypes", h.resourceTypes)
	on("GET /ResourceTypes/{id}", h.resourceType)
	on("GET /Schemas", h.schemas)
	on("GET /Schemas/{id}", h.schema)
	for path, kind := range map[string]string{"/Users": User, "/Groups": Group} {
		on("GET "+path, func(r request) error { return h.list(r, kind, fromQuery(r.URL.Query())) })
		on("POST "+path, func(r request) error { return h.create(r, kind) })
		on("POST "+path+"/.search", func(r request) error { return h.search(r, kind) })
		on("GET "+path+"/{id}", func(r request) error { return h.get(r, kind) })
		on("PUT "+path+"/{id}", func(r request) error { return h.put(r, kind) })
		on("PATCH "+path+"/{id}", func(r request) error { return h.patch(r, kind) })
		on("DELETE "+path+"/{id}", func(r request) error { return h.delete(r, kind) })
	}
	mux.HandleFunc("/scim/", func(w http.ResponseWriter, r *http.Request) {
		h.Fail(w, r, fail(http.StatusNotFound, "", "There is no endpoint %s %s here.", r.Method, r.URL.Path))
	})
}

// failure is an error as SCIM has it.
type failure struct {
	status int
	kind   string // the scimType
	detail string
}

func (f *failure) Error() string { return f.detail }

func fail(status int, kind, format string, args ...any) error {
	return &failure{status, kind, fmt.Sprintf(format, args...)}
}

func invalid(kind, format string, args ...any) error {
	return fail(http.StatusBadRequest, kind, format, args...)
}

// Fail writes an error.
func (h *Handler) Fail(w http.ResponseWriter, r *http.Request, err error) {
	f := failureOf(err)
	if f.status == http.StatusInternalServerError {
		h.opt.Log.Error("internal error", "method", r.Method, "path", r.URL.Path, "err", err)
	}
	if f.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="SCIM"`)
	}
	body := map[string]any{"schemas": []string{errorURN}, "status": strconv.Itoa(f.status), "detail": f.detail}
	if f.kind != "" {
		body["scimType"] = f.kind
	}
	write(w, f.status, body)
}

// failureOf says what an error is in SCIM's words. What is not meant for people is hidden.
func failureOf(err error) *failure {
	if f, ok := errors.AsType[*failure](err); ok {
		return f
	}
	if big, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &failure{http.StatusRequestEntityTooLarge, "", fmt.Sprintf("The request is larger than %d bytes.", big.Limit)}
	}
	e, ok := errors.AsType[*codecollab.Error](err)
	if !ok {
		return &failure{http.StatusInternalServerError, "", "Something went wrong on the server. It has been noted in its log."}
	}
	switch {
	case e.Code == "scim_taken":
		return &failure{http.StatusConflict, "uniqueness", e.Message}
	case e.Code == "scim_changed":
		return &failure{http.StatusPreconditionFailed, "", e.Message}
	case e.Kind == codecollab.Unknown:
		return &failure{http.StatusUnauthorized, "", e.Message}
	case e.Kind == codecollab.NotFound:
		return &failure{http.StatusNotFound, "", e.Message}
	case e.Kind == codecollab.Invalid:
		return &failure{http.StatusBadRequest, "invalidValue", e.Message}
	case e.Kind == codecollab.Limit:
		return &failure{http.StatusTooManyRequests, "", e.Message}
	case e.Kind == codecollab.Unavailable:
		return &failure{http.StatusServiceUnavailable, "", e.Message}
	}
	return &failure{http.StatusForbidden, "", e.Message}
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/scim+json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client has gone: nobody is left to tell
}

// read reads a JSON object.
func (r request) read() (map[string]any, error) {
	var v map[string]any
	d := json.NewDecoder(r.Body)
	err := d.Decode(&v)
	if big, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, big
	}
	if err != nil || v == nil {
		return nil, invalid("invalidSyntax", "The body is no JSON object.")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, invalid("invalidSyntax", "There is something behind the JSON object.")
	}
	return v, nil
}
