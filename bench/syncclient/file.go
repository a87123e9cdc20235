package syncclient

import (
	"bytes"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// Doc is one file as a client has it.
type Doc struct {
	ID   string
	Name string

	committed text.Text     // the log's text at the State's version
	local     text.Text     // what the person sees
	flying    *ot.ChangeSet // this file's part of the batch in flight, mapped to the State's version
	pending   *ot.ChangeSet // what was typed since
}

func newDoc(f wire.File) *Doc {
	t := text.Of(f.Text)
	return &Doc{ID: f.ID, Name: f.Name, committed: t, local: t}
}

// Text returns what the person sees: the committed text and everything typed since.
func (d *Doc) Text() text.Text { return d.local }

// Committed returns the log's text at the State's version.
func (d *Doc) Committed() text.Text { return d.committed }

func (d *Doc) edit(c ot.ChangeSet) error {
	if c.Len() != d.local.Len() {
		return codecollab.Errorf(codecollab.Invalid, "bad_edit", "The changes are for %d units, the text has %d.", c.Len(), d.local.Len())
	}
	local, err := c.Apply(d.local)
	if err != nil {
		return err
	}
	all := c
	if d.pending != nil {
		if all, err = d.pending.Compose(c); err != nil {
			return err
		}
	}
	d.local, d.pending = local, &all
	return nil
}

// commit gives the committed text of a file after changes.
type commit func(file string, before text.Text, c ot.ChangeSet) (text.Text, error)

// remote applies somebody else's committed changes under the client's own, and returns what they are to the local
// text. With first, the client's own insertions go before theirs at the same place.
func (d *Doc) remote(c ot.ChangeSet, first bool, commit commit) (ot.ChangeSet, error) {
	committed, err := commit(d.ID, d.committed, c)
	if err != nil {
		return c, err
	}
	d.committed = committed
	if d.flying == nil && d.pending == nil {
		d.local = committed
		return c, nil
	}
	if d.flying, c, err = cross(d.flying, c, first); err != nil {
		return c, err
	}
	if d.pending, c, err = cross(d.pending, c, first); err != nil {
		return c, err
	}
	d.local, err = c.Apply(d.local)
	return c, err
}

// cross maps mine over theirs and theirs over mine.
func cross(mine *ot.ChangeSet, theirs ot.ChangeSet, first bool) (*ot.ChangeSet, ot.ChangeSet, error) {
	if mine == nil {
		return nil, theirs, nil
	}
	m, err := mine.Map(theirs, first)
	if err != nil {
		return mine, theirs, err
	}
	t, err := theirs.Map(*mine, !first)
	return &m, t, err
}

// confirm makes what was in flight part of the committed text, as the server has it. It reports whether that is what
// the client has made of it. If not, the text is put right, and changed is what became of the local text.
func (d *Doc) confirm(c ot.ChangeSet, commit commit) (same bool, changed ot.ChangeSet, err error) {
	if d.flying != nil && equal(c, *d.flying) {
		d.committed, err = commit(d.ID, d.committed, c)
		d.flying = nil
		if d.pending == nil {
			d.local = d.committed
		}
		return true, changed, err
	}
	undo, err := d.takeBack()
	if err != nil {
		return false, changed, err
	}
	again, err := d.remote(c, false, commit)
	if err != nil {
		return false, changed, err
	}
	changed, err = undo.Compose(again)
	return false, changed, err
}

// takeBack removes what is in flight from the local text and keeps what was typed since. It returns what that does to
// the local text.
func (d *Doc) takeBack() (ot.ChangeSet, error) {
	none := ot.Replace(d.local.Len(), 0, 0, "")
	if d.flying == nil {
		return none, nil
	}
	undo, err := d.flying.Invert(d.committed)
	if err != nil {
		return none, err
	}
	d.flying = nil
	if d.pending, undo, err = cross(d.pending, undo, false); err != nil {
		return none, err
	}
	d.local, err = undo.Apply(d.local)
	return undo, err
}

// toCommitted maps a position in the local text to one in the committed text.
func (d *Doc) toCommitted(pos int) (int, error) {
	if d.pending != nil {
		before := d.committed
		var err error
		if d.flying != nil {
			if before, err = d.flying.Apply(before); err != nil {
				return 0, err
			}
		}
		if pos, err = back(*d.pending, before, pos); err != nil {
			return 0, err
		}
	}
	if d.flying == nil {
		return pos, nil
	}
	return back(*d.flying, d.committed, pos)
}

func back(c ot.ChangeSet, before text.Text, pos int) (int, error) {
	undo, err := c.Invert(before)
	if err != nil {
		return 0, err
	}
	return undo.MapPos(pos, -1), nil
}

func equal(a, b ot.ChangeSet) bool {
	return bytes.Equal(a.AppendJSON(nil), b.AppendJSON(nil))
}
