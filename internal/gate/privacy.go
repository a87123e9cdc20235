package gate

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
)

// RoomData is what rooms keep of people. A person goes by several ids: an account's, and those of the guests that they were.
type RoomData interface {
	// Left are the rooms that a person owns alone.
	Left(ctx context.Context, people []string) ([]LeftRoom, error)
	// Leave hands those rooms on to their heirs, or ends them. Those that nobody could take over are ended either way.
	Leave(ctx context.Context, people []string, end bool) error
	// Uninvite takes back what rooms wait for an e-mail address.
	Uninvite(ctx context.Context, email string) error
	// Erase begins to take the names of all who have been deleted out of all rooms. It does not wait for the end of that.
	Erase()
	// Export calls write with what a person has in rooms: each time with the name of a list, and an element of it.
	Export(ctx context.Context, people []string, write func(list string, v any) error) error
}

// LeftRoom is a room that somebody owns alone.
type LeftRoom struct {
	Room  string `json:"room"`
	Title string `json:"title,omitempty"`
	Heir  string `json:"heir,omitempty"` // the id of the person who would own it, the editor who was there last; "": nobody is there
	Name  string `json:"name,omitempty"` // of the heir
}

// Privacy is what a gate needs to give people what is kept of them, and to delete it.
type Privacy struct {
	Kept  auth.Erasure
	Rooms RoomData
}

// exportsAtOnce is how many people may fetch all of their data at a time.
const exportsAtOnce = 2

func (g *Gate) privacyRoutes(mux *http.ServeMux) {
	mux.Handle("GET /api/v1/me/export", g.handle(g.exportMe))
	mux.Handle("GET /api/v1/me/deletion", g.handle(g.planDeletion))
	mux.Handle("DELETE /api/v1/me", g.handle(g.deleteMe))
}

// self is who sends a request about themselves: an account, or a guest. Errors: those of Who, "no_scope".
func (g *Gate) self(w http.ResponseWriter, r *http.Request) (auth.Identity, error) {
	id, err := g.Who(w, r)
	if err == nil && id.Account != nil {
		return g.account(w, r)
	}
	return id, err
}

// idsOf are all ids by which a person goes.
func idsOf(id auth.Identity) []string { return append([]string{id.Person}, id.Former...) }

// planDeletion says what would become of the rooms that the person owns alone, and what is in the way.
func (g *Gate) planDeletion(w http.ResponseWriter, r *http.Request) error {
	id, err := g.self(w, r)
	if err != nil {
		return err
	}
	left, err := g.opt.Privacy.Rooms.Left(r.Context(), idsOf(id))
	if err != nil {
		return err
	}
	out := map[string]any{"rooms": left}
	if id.Account != nil {
		if err := g.opt.Privacy.Kept.MayGo(r.Context(), id.Person); err != nil {
			e := g.desk().Public(r.Context(), err)
			out["problem"] = map[string]string{"code": e.Code, "message": e.Message}
		}
	}
	answer.JSON(w, http.StatusOK, out)
	return nil
}

// deleteMe deletes the person. What becomes of the rooms that they own alone has to be said. Errors: "rooms_undecided", and those
// of auth.Erasure.
func (g *Gate) deleteMe(w http.ResponseWriter, r *http.Request) error {
	id, err := g.self(w, r)
	if err != nil {
		return err
	}
	var in struct {
		Rooms string `json:"rooms"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	if in.Rooms != "hand_on" && in.Rooms != "end" {
		return codecollab.Errorf(codecollab.Invalid, "rooms_undecided",
			`Say what becomes of the rooms that you own alone: "rooms" is "hand_on" or "end". /api/v1/me/deletion lists them.`)
	}
	if id.Account != nil {
		if err := g.opt.Privacy.Kept.MayGo(r.Context(), id.Person); err != nil {
			return err
		}
	}
	if err := g.opt.Privacy.Rooms.Leave(r.Context(), idsOf(id), in.Rooms == "end"); err != nil {
		return err
	}
	if id.Account != nil && id.Account.Email != "" {
		if err := g.opt.Privacy.Rooms.Uninvite(r.Context(), id.Account.Email); err != nil {
			return err
		}
	}
	if _, err := g.opt.Desk.Delete(r.Context(), g.opt.Privacy.Kept, id); err != nil {
		return err
	}
	g.opt.Desk.Note(r.Context(), auth.Entry{Person: id.Person, Action: auth.ActPersonDeleted, Target: id.Person, Detail: map[string]string{"rooms": in.Rooms}})
	g.opt.Privacy.Rooms.Erase()
	g.dropCookie(w, r)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// exportMe answers with all that is kept of the person, as one JSON object that is written as it is read.
func (g *Gate) exportMe(w http.ResponseWriter, r *http.Request) error {
	id, err := g.self(w, r)
	if err != nil {
		return err
	}
	select { // it reads much: few at a time
	case g.exports <- struct{}{}:
		defer func() { <-g.exports }()
	default:
		w.Header().Set("Retry-After", "10")
		return codecollab.Errorf(codecollab.Unavailable, "busy", "Others are fetching their data just now. Try again in a few seconds.")
	}
	var kept auth.Belongings
	if id.Account != nil {
		if kept, err = g.opt.Privacy.Kept.Belongings(r.Context(), id.Person); err != nil {
			return err
		}
		g.note(r, auth.Entry{Person: id.Person, Name: id.Account.Name, Action: auth.ActPersonExported, Target: id.Person})
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="codecollab-%s.json"`, time.Now().UTC().Format(time.DateOnly)))
	out := &lists{to: w}
	out.field("person", id.Person)
	out.field("made", time.Now().UTC())
	if id.Account != nil {
		out.field("kept", kept)
		out.err = g.exportTrail(r.Context(), id.Person, out)
	}
	if out.err == nil {
		out.err = g.opt.Privacy.Rooms.Export(r.Context(), idsOf(id), out.element)
	}
	out.end()
	if out.err != nil {
		g.opt.Log.ErrorContext(r.Context(), "an export of a person's data broke off", "err", out.err)
		panic(http.ErrAbortHandler) // the answer has begun: whoever reads it sees that it is not whole
	}
	return nil
}

// exportTrail writes the lines of the audit log that are about the person. Who else is in them is their own matter.
func (g *Gate) exportTrail(ctx context.Context, person string, out *lists) error {
	q := auth.AuditQuery{All: true, Person: person, Oldest: true, Limit: auditBatch}
	for {
		found, err := g.opt.Trail.Entries(ctx, q)
		if err != nil {
			return err
		}
		for _, e := range found {
			if e.Person != person {
				e.Person, e.Name, e.Address, e.Agent = "", "", "", ""
			}
			if err := out.element("audit", e); err != nil {
				return err
			}
			q.After = e.Seq
		}
		if len(found) < auditBatch {
			return nil
		}
	}
}

// lists writes a JSON object field by field; a list is one field, whose elements come one after the other.
type lists struct {
	to   io.Writer
	open string // the list that is being written
	some bool   // anything has been written
	err  error
}

func (l *lists) print(text string) {
	if l.err == nil {
		_, l.err = io.WriteString(l.to, text)
	}
}

func (l *lists) value(v any) {
	data, err := json.Marshal(v)
	if l.err == nil {
		l.err = err
	}
	l.print(string(data))
}

func (l *lists) name(name string) {
	l.closeList()
	if l.some {
		l.print(",\n")
	} else {
		l.print("{\n")
	}
	l.some = true
	l.value(name)
	l.print(": ")
}

func (l *lists) field(name string, v any) {
	l.name(name)
	l.value(v)
}

func (l *lists) element(list string, v any) error {
	if l.open != list {
		l.name(list)
		l.open = list
		l.print("[\n")
	} else {
		l.print(",\n")
	}
	l.value(v)
	return l.err
}

func (l *lists) closeList() {
	if l.open != "" {
		l.print("\n]")
	}
	l.open = ""
}

func (l *lists) end() {
	l.closeList()
	l.print("\n}\n")
}
