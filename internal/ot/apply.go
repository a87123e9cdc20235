package ot

import "codecollab.dev/internal/text"

// Apply returns doc with the change made. It is a bad_edit when doc has another length than the change is for, or
// when a boundary of the change lies inside a surrogate pair.
func (c ChangeSet) Apply(doc text.Text) (text.Text, error) {
	if err := c.fits(doc); err != nil {
		return text.Text{}, err
	}
	pos := 0
	for i := range c.sections {
		s := &c.sections[i]
		if s.kept() {
			pos += s.len
			continue
		}
		doc = doc.Replace(pos, pos+s.len, s.text)
		pos += s.ins
	}
	return doc, nil
}

// Invert returns the change that undoes c, given the document from before c. Its errors are those of Apply.
func (c ChangeSet) Invert(doc text.Text) (ChangeSet, error) {
	if err := c.fits(doc); err != nil {
		return ChangeSet{}, err
	}
	out := ChangeSet{sections: make([]section, len(c.sections)), length: c.newLen, newLen: c.length}
	pos := 0
	for i, s := range c.sections {
		out.sections[i] = s
		if !s.kept() {
			out.sections[i] = section{s.ins, s.len, doc.Slice(pos, pos+s.len)}
		}
		pos += s.len
	}
	return out, nil
}

// fits checks that c can be applied to doc.
func (c ChangeSet) fits(doc text.Text) error {
	if c.length != doc.Len() {
		return bad("The edit is for a document of %d units, and this one has %d.", c.length, doc.Len())
	}
	if doc.Len() == doc.Bytes() { // all ASCII: there is no pair
		return nil
	}
	pos := 0
	for i := range c.sections {
		pos += c.sections[i].len
		if doc.Splits(pos) {
			return bad("The edit cuts the character at %d in two.", pos-1)
		}
	}
	return nil
}
