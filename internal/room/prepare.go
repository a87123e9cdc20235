package room

import (
	"context"
	"slices"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

// Author is who a batch comes from.
type Author struct {
	Person string
	Client string
	Name   string
	Color  int
	// Verified is set when Name is that of the person's account.
	Verified bool
	former   []string // the guests that the person was before they signed in
	coming   rights.Coming
}

// owns reports whether what the log has of a person is the author's.
func (a Author) owns(person string) bool {
	return person == a.Person || slices.Contains(a.former, person)
}

// duplicate is how prepare says that a batch is in the log already.
type duplicate struct{ version codecollab.Version }

func (duplicate) Error() string { return "the batch is in the log already" }

// draft is the room's state with events on top that are not durable yet.
type draft struct {
	*State
	room   *Room
	events []wire.Event
}

// add folds a new event into the draft.
func (d *draft) add(e wire.Event) error {
	e.Version = d.Version + 1
	e.At = d.room.opt.Now().UnixMilli()
	if err := d.Apply(&e); err != nil {
		return err
	}
	d.events = append(d.events, e)
	return nil
}

// prepare checks one batch and adds its event. When it fails the draft is as before.
func (d *draft) prepare(ctx context.Context, a Author, b *wire.Batch) error {
	if err := d.checkOrder(a, b); err != nil {
		return err
	}
	// Here, and not before: what was committed with a role is acknowledged without it, and a role that is taken away counts at
	// once for whatever comes behind it (R7).
	if err := d.may(a, actionOf(b.Body.Payload)); err != nil {
		return err
	}
	body, err := d.prepareBody(ctx, a, b)
	if err != nil {
		return err
	}
	if err := d.introduce(a); err != nil {
		return err
	}
	return d.add(wire.Event{By: a.Person, Client: a.Client, Seq: b.Seq, Body: wire.Body{Payload: body}})
}

// actionOf is what a batch does.
func actionOf(p wire.Payload) rights.Action {
	switch p.(type) {
	case *wire.Run:
		return rights.Run
	case *wire.Chat:
		return rights.Chat
	case *wire.Hints:
		return rights.Manage
	}
	return rights.Edit
}

func (d *draft) checkOrder(a Author, b *wire.Batch) error {
	last := d.Clients[a.Client]
	switch {
	case last.Person != "" && !a.owns(last.Person):
		return errClientTaken(a.Client)
	case b.Seq <= 0:
		return codecollab.Errorf(codecollab.Invalid, "bad_message", "A batch needs a number greater than 0; this one has %d.", b.Seq)
	case b.Seq <= last.Seq:
		return duplicate{last.Version}
	case b.Base > d.Version:
		return codecollab.Errorf(codecollab.Invalid, "future_version",
			"The batch is based on version %d, but this room is at version %d.", b.Base, d.Version)
	case b.Base < last.Version || b.Base < 0:
		return codecollab.Errorf(codecollab.Invalid, "out_of_order",
			"The batch is based on version %d, older than this client's own last event %d.", b.Base, last.Version)
	}
	return nil
}

func errClientTaken(client string) error {
	return codecollab.Errorf(codecollab.Forbidden, "client_taken",
		"The client id %.32q belongs to another person in this room.", client)
}

// introduce writes a person's name into the log before it is needed there.
func (d *draft) introduce(a Author) error {
	p := wire.Person{Person: a.Person, Name: a.Name, Color: a.Color, Verified: a.Verified}
	if a.Person == "" || a.Name == "" || d.People[a.Person] == p {
		return nil
	}
	return d.add(wire.Event{By: a.Person, Body: wire.Body{Payload: &p}})
}

// prepareBody checks a payload against the draft and returns the one to commit.
func (d *draft) prepareBody(ctx context.Context, a Author, b *wire.Batch) (wire.Payload, error) {
	switch p := b.Body.Payload.(type) {
	case *wire.Edit:
		return d.prepareEdit(ctx, a.Client, b.Base, p)
	case *wire.Create:
		return d.prepareCreate(p)
	case *wire.Rename:
		return p, d.checkRename(p)
	case *wire.Delete:
		return p, d.checkFile(p.File)
	case *wire.Language:
		return p, d.checkLanguage(p.Language)
	case *wire.Title:
		return cleanTitle(p)
	case *wire.Settings:
		return p, checkSettings(p)
	case *wire.Run:
		return d.prepareRun(a, p)
	case *wire.Chat:
		return p, d.checkChat(p)
	case *wire.Hints:
		return p, checkHints(p)
	}
	return nil, codecollab.Errorf(codecollab.Invalid, "bad_message",
		"A batch holds an edit, create, rename, delete, language, title, settings, run, chat or hints; this one does not.")
}

// prepareEdit maps the edits over what their author had not seen (R5) and checks that they fit.
func (d *draft) prepareEdit(ctx context.Context, client string, base codecollab.Version, e *wire.Edit) (*wire.Edit, error) {
	if len(e.Edits) == 0 {
		return nil, codecollab.Errorf(codecollab.Invalid, "bad_message", "An edit names no file.")
	}
	out := make([]wire.FileEdit, len(e.Edits))
	index := make(map[string]int, len(e.Edits))
	for i, ed := range e.Edits {
		if _, twice := index[ed.File]; twice {
			return nil, codecollab.Errorf(codecollab.Invalid, "bad_message", "An edit names the file %.32q twice.", ed.File)
		}
		if err := d.checkFile(ed.File); err != nil {
			return nil, err
		}
		index[ed.File], out[i] = i, ed
	}
	err := d.since(ctx, base, func(over *wire.Event) error {
		logged, ok := over.Body.Payload.(*wire.Edit)
		if !ok {
			return nil
		}
		return mapOver(out, index, client, over.Client, logged.Edits)
	})
	if err != nil {
		return nil, err
	}
	for _, ed := range out {
		if err := d.checkFit(ed); err != nil {
			return nil, err
		}
	}
	return &wire.Edit{Edits: out}, nil
}

// mapOver maps edits of client over one logged event of author, file by file.
func mapOver(edits []wire.FileEdit, index map[string]int, client, author string, logged []wire.FileEdit) error {
	for _, l := range logged {
		i, ok := index[l.File]
		if !ok {
			continue
		}
		mapped, err := edits[i].Changes.Map(l.Changes, client < author)
		if err != nil {
			return err
		}
		edits[i].Changes = mapped
	}
	return nil
}

func (d *draft) checkFit(ed wire.FileEdit) error {
	f := d.file(ed.File)
	if n, limit := ed.Changes.NewLen(), d.room.opt.Limits.FileUnits; n > limit && n > f.Text.Len() {
		return codecollab.Errorf(codecollab.Limit, "too_large",
			"%s would have %d characters; a file may have %d. Split it, or remove some text first.", f.Name, n, limit)
	}
	_, err := ed.Changes.Apply(f.Text)
	return err
}

func (d *draft) prepareCreate(c *wire.Create) (*wire.Create, error) {
	limits := d.room.opt.Limits
	switch {
	case !validID(c.File):
		return nil, codecollab.Errorf(codecollab.Invalid, "bad_id", "A file id has 8 to 32 of a–z and 0–9; %.40q has not.", c.File)
	case d.file(c.File) != nil || d.Gone[c.File]:
		return nil, codecollab.Errorf(codecollab.Conflict, "file_exists", "The file id %q has been used before.", c.File)
	case len(d.Files) >= limits.Files:
		return nil, codecollab.Errorf(codecollab.Limit, "too_many_files",
			"This room has %d files, and no room may have more. Delete one first.", limits.Files)
	}
	if err := checkName(c.Name); err != nil {
		return nil, err
	}
	if n := ot.Replace(0, 0, 0, c.Text).NewLen(); n > limits.FileUnits {
		return nil, codecollab.Errorf(codecollab.Limit, "too_large",
			"%s would have %d characters; a file may have %d.", c.Name, n, limits.FileUnits)
	}
	out := *c
	out.Name = d.freeName(c.Name)
	return &out, nil
}

func (d *draft) checkRename(r *wire.Rename) error {
	if err := d.checkFile(r.File); err != nil {
		return err
	}
	if err := checkName(r.Name); err != nil {
		return err
	}
	if d.named(r.Name, r.File) {
		return codecollab.Errorf(codecollab.Conflict, "name_taken", "Another file is called %q already.", r.Name)
	}
	return nil
}

func (d *draft) checkFile(id string) error {
	if d.file(id) == nil {
		return codecollab.Errorf(codecollab.NotFound, "no_file", "The file is not in this room any more.")
	}
	return nil
}

func (d *draft) checkLanguage(id string) error {
	if !d.room.opt.KnownLanguage(id) {
		return codecollab.Errorf(codecollab.NotFound, "no_language", "There is no language %.40q here.", id)
	}
	return nil
}

// maxTabWidth is the widest tab: what lies beyond is of no use to anybody.
const maxTabWidth = 8

func checkSettings(s *wire.Settings) error {
	if s.TabWidth < 1 || s.TabWidth > maxTabWidth {
		return codecollab.Errorf(codecollab.Invalid, "bad_settings", "A tab takes 1 to %d columns, not %d.", maxTabWidth, s.TabWidth)
	}
	switch s.Indent {
	case "", "tabs", "spaces":
		return nil
	}
	return codecollab.Errorf(codecollab.Invalid, "bad_settings", "Indentation is by \"tabs\" or \"spaces\", not by %.20q.", s.Indent)
}

// Limits of a run request that no setting needs to change.
const (
	maxArgs     = 64
	maxArgBytes = 4096
)

// prepareRun checks a request and counts it. It comes last that may fail.
func (d *draft) prepareRun(a Author, r *wire.Run) (*wire.Run, error) {
	if err := d.checkRun(r); err != nil {
		return nil, err
	}
	out := *r
	if r.Terminal != nil {
		size := cleanSize(*r.Terminal)
		out.Terminal, out.Stdin = &size, ""
	}
	return &out, d.room.tally.reserve(d.room.id, a.Person, d.room.opt.Runs())
}

func (d *draft) checkRun(r *wire.Run) error {
	if err := d.checkFile(r.File); err != nil {
		return err
	}
	if err := d.checkLanguage(r.Language); err != nil {
		return err
	}
	for _, a := range r.Args {
		if len(a) > maxArgBytes || len(r.Args) > maxArgs {
			return codecollab.Errorf(codecollab.Limit, "too_large",
				"A run takes at most %d arguments of at most %d bytes each.", maxArgs, maxArgBytes)
		}
	}
	return nil
}
