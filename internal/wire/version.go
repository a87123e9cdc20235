package wire

import "codecollab.dev"

// Versions are those of the protocol that a server speaks, from the oldest to the newest.
type Versions struct{ Oldest, Newest int }

// Spoken are the versions that this program speaks.
func Spoken() Versions { return Versions{codecollab.ProtocolOldest, codecollab.Protocol} }

// Agree is the version of a conversation: the newest that both sides speak.
//
// Errors: "bad_protocol" for a client that is too old, which a reload of its page mends; "old_server" for one that is too new: it
// has met a node that is still to be upgraded, and comes back.
func (v Versions) Agree(j *Join) (int, error) {
	oldest := j.Oldest
	if oldest == 0 {
		oldest = j.Protocol
	}
	switch {
	case j.Protocol < v.Oldest:
		return 0, codecollab.Errorf(codecollab.Invalid, "bad_protocol",
			"This page is older than the server: it speaks protocol %d, and the server %d. Reload it. What is not sent is kept.", j.Protocol, v.Newest)
	case oldest > v.Newest:
		return 0, codecollab.Errorf(codecollab.Unavailable, "old_server",
			"This page is newer than the server, which is being upgraded: it speaks protocol %d, and the server %d. It tries again.", j.Protocol, v.Newest)
	}
	return min(j.Protocol, v.Newest), nil
}
