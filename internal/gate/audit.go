package gate

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
)

// Trail is the audit log, as it is read.
type Trail interface {
	// Entries finds lines.
	Entries(ctx context.Context, q auth.AuditQuery) ([]auth.Entry, error)
	// RoleIn is what a person is in an organisation; "" is nothing.
	RoleIn(ctx context.Context, org, account string) (auth.Membership, error)
}

const (
	auditPage  = 50   // lines of an answer
	auditMost  = 200  // and the most that may be asked for
	auditBatch = 1000 // lines that an export reads at a time
)

func (g *Gate) auditRoutes(mux *http.ServeMux) {
	mux.Handle("GET /api/v1/admin/audit", g.handle(g.searchAudit))
	mux.Handle("GET /api/v1/admin/audit/export", g.handle(g.exportAudit))
	mux.Handle("GET /api/v1/orgs/{org}/audit", g.handle(g.searchAudit))
	mux.Handle("GET /api/v1/orgs/{org}/audit/export", g.handle(g.exportAudit))
}

// auditor is who may read the log that the path names: administrators of the organisation theirs, that of the installation all.
// Errors: those of account and admin, "no_org", "org_role".
func (g *Gate) auditor(w http.ResponseWriter, r *http.Request) (auth.Identity, error) {
	org := r.PathValue("org")
	if org == "" {
		return g.admin(w, r)
	}
	id, err := g.account(w, r)
	if err != nil || id.Account.Admin {
		return id, err
	}
	m, err := g.opt.Trail.RoleIn(r.Context(), org, id.Person)
	switch {
	case err != nil:
		return id, err
	case m.Role == "":
		return id, auth.NoOrg()
	case !auth.OrgMay(m.Role, auth.OrgAudit):
		return id, codecollab.Errorf(codecollab.Forbidden, "org_role", "Only an owner or administrator of the organisation may read its audit log.")
	}
	return id, nil
}

// searchAudit answers with a page of the log, the newest lines first. next is the "before" of the page behind it, 0 at the end.
func (g *Gate) searchAudit(w http.ResponseWriter, r *http.Request) error {
	if _, err := g.auditor(w, r); err != nil {
		return err
	}
	q, err := auditQuery(r)
	if err != nil {
		return err
	}
	limit := q.Limit
	q.Limit++ // one more says whether there is another page
	found, err := g.opt.Trail.Entries(r.Context(), q)
	if err != nil {
		return err
	}
	next := int64(0)
	if len(found) > limit {
		found = found[:limit]
		next = found[limit-1].Seq
	}
	answer.JSON(w, http.StatusOK, map[string]any{"entries": found, "next": next})
	return nil
}

// exportAudit answers with one JSON object a line, the oldest first, as they are read. What is added meanwhile is not among them.
func (g *Gate) exportAudit(w http.ResponseWriter, r *http.Request) error {
	id, err := g.auditor(w, r)
	if err != nil {
		return err
	}
	q, err := auditQuery(r)
	if err != nil {
		return err
	}
	org := r.PathValue("org")
	g.note(r, auth.Entry{Org: org, Person: id.Person, Name: id.Account.Name, Action: auth.ActAuditExported, Target: org, Detail: exportDetail(r.URL.Query())})
	newest, err := g.opt.Trail.Entries(r.Context(), auth.AuditQuery{All: true, Limit: 1})
	if err != nil {
		return err
	}
	if len(newest) > 0 && (q.Before == 0 || q.Before > newest[0].Seq) {
		q.Before = newest[0].Seq + 1
	}
	h := w.Header()
	h.Set("Content-Type", "application/x-ndjson; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="audit-%s.jsonl"`, time.Now().UTC().Format("2006-01-02")))
	q.Oldest, q.Limit = true, auditBatch
	out := json.NewEncoder(w)
	for r.Context().Err() == nil {
		found, err := g.opt.Trail.Entries(r.Context(), q)
		if err != nil {
			g.opt.Log.ErrorContext(r.Context(), "the export of the audit log broke off", "err", err)
			panic(http.ErrAbortHandler) // the answer has begun: whoever reads it sees that it is not whole
		}
		for _, e := range found {
			if err := out.Encode(e); err != nil {
				return nil // nobody is left to tell
			}
			q.After = e.Seq
		}
		if len(found) < auditBatch {
			return nil
		}
	}
	return nil
}

// exportDetail says in the log which part of it was exported.
func exportDetail(q url.Values) map[string]string {
	detail := map[string]string{}
	for _, name := range []string{"q", "action", "person", "room", "outcome", "since", "until"} {
		if v := q.Get(name); v != "" {
			detail[name] = v[:min(len(v), 100)]
		}
	}
	return detail
}

// auditQuery reads the conditions of a search. Error "bad_message".
func auditQuery(r *http.Request) (auth.AuditQuery, error) {
	in := r.URL.Query()
	org := r.PathValue("org")
	q := auth.AuditQuery{
		Org: org, All: org == "", Text: strings.TrimSpace(in.Get("q")), Person: in.Get("person"), Room: in.Get("room"),
		Outcome: in.Get("outcome"), Limit: auditPage,
	}
	if of := in.Get("org"); org == "" && of != "" {
		q.Org, q.All = of, false
	}
	if actions := in.Get("action"); actions != "" {
		q.Actions = strings.Split(actions, ",")
	}
	if len(q.Text) > 200 || len(q.Actions) > 100 {
		return q, codecollab.Errorf(codecollab.Invalid, "bad_message", "The search is too long: words have at most 200 bytes.")
	}
	var err error
	if q.Since, err = auditTime(in, "since"); err != nil {
		return q, err
	}
	if q.Until, err = auditTime(in, "until"); err != nil {
		return q, err
	}
	if text := in.Get("before"); text != "" {
		if q.Before, err = strconv.ParseInt(text, 10, 64); err != nil || q.Before < 1 {
			return q, codecollab.Errorf(codecollab.Invalid, "bad_message", "before is the number of a line, not %.40q.", text)
		}
	}
	if text := in.Get("limit"); text != "" {
		if q.Limit, err = strconv.Atoi(text); err != nil || q.Limit < 1 || q.Limit > auditMost {
			return q, codecollab.Errorf(codecollab.Invalid, "bad_message", "limit is a number from 1 to %d, not %.40q.", auditMost, text)
		}
	}
	return q, nil
}

// auditTime reads a time: a day, or as RFC 3339 has it.
func auditTime(in url.Values, name string) (time.Time, error) {
	text := in.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, codecollab.Errorf(codecollab.Invalid, "bad_message",
		"%s is a day or a time like 2026-11-28 or 2026-11-28T14:00:00Z, not %.40q.", name, text)
}
