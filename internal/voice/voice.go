// Package voice lets people in a room talk. It forwards what the loudest of them say and mixes nothing: an SFU.
//
// A Desk is where clients ask, with the messages of package wire whose type begins with "voice_". On the node that has a room's voice
// it keeps a stage for the room: the calls, and who of them is heard. An Engine has the sockets and the WebRTC connections, a Relay
// (TURN) helps those who can reach nothing but it. The package knows no room and no HTTP: who may talk, it is told by functions.
//
// Nothing that is said is kept anywhere.
package voice

import (
	"codecollab.dev"
)

// The codes of what is refused, beside those of rights.
const (
	codeOff   = "voice_off"
	codeFull  = "voice_full"
	codeSDP   = "bad_sdp"
	codeCall  = "bad_call"
	codeNone  = "no_call"
	codeBusy  = "voice_busy"
	codeSlow  = "slow_down"
	codeMuted = "muted"
)

func errSDP(why string) error {
	return codecollab.Errorf(codecollab.Invalid, codeSDP, "This offer cannot be answered: %s.", why)
}

func errNoCall() error {
	return codecollab.Errorf(codecollab.NotFound, codeNone, "This call is over. Join voice again.")
}

// ErrOff is why nobody can talk where voice is off. why is a sentence for people, or nothing.
func ErrOff(why string) error {
	if why == "" {
		why = "Voice is turned off on this server."
	}
	return codecollab.Errorf(codecollab.Unavailable, codeOff, "%s", why)
}
