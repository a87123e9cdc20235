package voice

import (
	"strings"

	"github.com/pion/sdp/v3"
)

const (
	offerMost    = 64 << 10 // bytes
	sectionsMost = 40
)

// shape is what an offer consists of.
type shape struct {
	receives int // sections that only receive
}

// checkOffer reads an offer, before anything is made of it. echo: of the connection test, whose one section sends and receives.
func checkOffer(text string, echo bool) (shape, error) {
	var s shape
	if len(text) > offerMost {
		return s, errSDP("it is longer than 64 KiB")
	}
	var d sdp.SessionDescription
	if err := d.UnmarshalString(text); err != nil {
		return s, errSDP("it is no SDP")
	}
	if len(d.MediaDescriptions) == 0 || len(d.MediaDescriptions) > sectionsMost {
		return s, errSDP("it has no section of audio, or more than 40")
	}
	mids := map[string]bool{}
	for i, m := range d.MediaDescriptions {
		if m.MediaName.Media != "audio" {
			return s, errSDP("only audio is spoken here")
		}
		mid, ok := m.Attribute("mid")
		if !ok || mid == "" || len(mid) > 16 || mids[mid] {
			return s, errSDP("each section needs a mid of its own")
		}
		mids[mid] = true
		switch way := directionOf(m, &d); {
		case i == 0 && (echo && way == "sendrecv" || !echo && way == "sendonly"):
		case i > 0 && !echo && way == "recvonly":
			s.receives++
		default:
			return s, errSDP("the first section has to send, and all others to receive only")
		}
		if err := checkSecrets(m, &d); err != nil {
			return s, err
		}
		if !hasOpus(m) {
			return s, errSDP("it offers no Opus")
		}
	}
	return s, nil
}

// checkSecrets wants what a connection cannot be made without.
func checkSecrets(m *sdp.MediaDescription, d *sdp.SessionDescription) error {
	for _, name := range []string{"ice-ufrag", "ice-pwd", "fingerprint"} {
		v, ok := m.Attribute(name)
		if !ok {
			v, ok = d.Attribute(name)
		}
		if !ok || v == "" || len(v) > 256 {
			return errSDP("it has no " + name)
		}
	}
	return nil
}

func directionOf(m *sdp.MediaDescription, d *sdp.SessionDescription) string {
	ways := []string{"sendrecv", "sendonly", "recvonly", "inactive"}
	for _, way := range ways {
		if _, ok := m.Attribute(way); ok {
			return way
		}
	}
	for _, way := range ways {
		if _, ok := d.Attribute(way); ok {
			return way
		}
	}
	return "sendrecv"
}

func hasOpus(m *sdp.MediaDescription) bool {
	for _, a := range m.Attributes {
		if _, codec, ok := strings.Cut(a.Value, " "); a.Key == "rtpmap" && ok && strings.EqualFold(codec, "opus/48000/2") {
			return true
		}
	}
	return false
}
