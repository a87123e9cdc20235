package wire

// VoiceAsk asks how to talk in the room. VoiceWays answers it, or VoiceRefused without a call.
type VoiceAsk struct {
	// Test asks for the connection test, where the engine is LiveKit: the token leads to a room where nobody else is.
	Test bool `json:"test,omitempty"`
}

// VoiceOffer begins a call: the client's half of a WebRTC connection. VoiceAnswer answers it, or VoiceRefused. An offer of a call
// that goes on is for new addresses after a change of network (an ICE restart); any other offer takes the place of the call
// that this client has.
type VoiceOffer struct {
	Call string `json:"call"` // chosen by the client for each RTCPeerConnection: [a-z0-9]{8,32}
	// SDP is the offer as the browser made it: one audio section that sends, and behind it as many that only receive as VoiceWays
	// says slots. It needs no candidates: the server finds the client by the first packet.
	SDP   string `json:"sdp"`
	Muted bool   `json:"muted,omitempty"` // the person's microphone is off at first
	// Test is for the connection test and makes nobody heard: the server sends back what comes, by one way only, and ends the call
	// soon. "udp", "tcp" or "relay".
	Test string `json:"test,omitempty"`
}

// VoiceMute says that the person has turned their microphone off or on.
type VoiceMute struct {
	Muted bool `json:"muted"`
}

// VoiceLeave ends a call.
type VoiceLeave struct {
	Call string `json:"call"`
}

// VoiceWays answers VoiceAsk.
type VoiceWays struct {
	Engine  string     `json:"engine"`            // "sfu": this server; "livekit": connect to LiveKit and send no offer
	Slots   int        `json:"slots"`             // how many others are heard at once
	Bitrate int        `json:"bitrate,omitempty"` // bits a second that a microphone should send
	ICE     []VoiceICE `json:"ice,omitempty"`     // for RTCPeerConnection's iceServers
	Tests   []string   `json:"tests,omitempty"`   // the ways that this server offers, for the connection test: as in VoiceOffer
	Expires int64      `json:"expires,omitempty"` // ms since the Unix epoch, after which credentials and token count no more
	// LiveKit is where to connect; only with that engine.
	LiveKit *VoiceLiveKit `json:"livekit,omitempty"`
}

// VoiceICE is a STUN or TURN server.
type VoiceICE struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// VoiceLiveKit is a place in a room of a LiveKit server. The identity in the token is the client id, so that the person is known
// by the room's presence.
type VoiceLiveKit struct {
	URL   string `json:"url"` // wss://…
	Token string `json:"token"`
}

// VoiceAnswer answers VoiceOffer.
type VoiceAnswer struct {
	Call  string   `json:"call"`
	SDP   string   `json:"sdp"`
	Slots []string `json:"slots,omitempty"` // the mid of each slot, as VoiceSlots names them
}

// VoiceRefused refuses a message about voice. The connection and all else go on.
type VoiceRefused struct {
	Call    string `json:"call,omitempty"` // absent: VoiceAsk or VoiceMute was refused
	Code    string `json:"code"`
	Message string `json:"message"`         // for people
	Retry   bool   `json:"retry,omitempty"` // the same may succeed later
}

// VoiceEnded says that a call is over and why, when it was not the client that ended it. With Retry, another one may be begun at
// once.
type VoiceEnded struct {
	Call    string `json:"call"`
	Code    string `json:"code"` // "muted", "removed", "replaced", "lost", "moved", "stopped" or another code of an error
	Message string `json:"message"`
	Retry   bool   `json:"retry,omitempty"`
}

// VoicePeople tells everybody in the room who talks there: all of them, whenever that changes, and after Joined. It never comes
// where there is no voice.
type VoicePeople struct {
	Engine string        `json:"engine"` // as in VoiceWays
	People []VoicePerson `json:"people"`
	Stale  bool          `json:"stale,omitempty"` // the node that has the room's voice has not been heard of for a while
}

// VoicePerson is somebody who is in voice.
type VoicePerson struct {
	Client string `json:"client"` // as in Peer
	Person string `json:"person"`
	Muted  bool   `json:"muted,omitempty"`  // they have turned their microphone off
	Silent bool   `json:"silent,omitempty"` // an owner has muted them: nothing of theirs is passed on
	Lost   bool   `json:"lost,omitempty"`   // nothing has come from them for a while: their network changes
}

// VoiceSlots tells somebody in voice whom they hear, slot by slot: all slots that anybody is in.
type VoiceSlots struct {
	Call  string      `json:"call"`
	Slots []VoiceSlot `json:"slots"`
}

// VoiceSlot is who is heard by one of the receiving sections.
type VoiceSlot struct {
	Mid    string `json:"mid"`    // of the section
	Client string `json:"client"` // as in Peer
}

// VoiceLevels tells those in voice who speaks: everybody who does, whenever that changes. Who is muted is never in it.
type VoiceLevels struct {
	People []VoiceLevel `json:"people"`
}

// VoiceLevel is how loud somebody is.
type VoiceLevel struct {
	Client string `json:"client"`
	Level  int    `json:"level"` // 1 to 5
}

// Type implements Message.
func (*VoiceAsk) Type() string { return "voice_ask" }

// Type implements Message.
func (*VoiceOffer) Type() string { return "voice_offer" }

// Type implements Message.
func (*VoiceMute) Type() string { return "voice_mute" }

// Type implements Message.
func (*VoiceLeave) Type() string { return "voice_leave" }

// Type implements Message.
func (*VoiceWays) Type() string { return "voice_ways" }

// Type implements Message.
func (*VoiceAnswer) Type() string { return "voice_answer" }

// Type implements Message.
func (*VoiceRefused) Type() string { return "voice_refused" }

// Type implements Message.
func (*VoiceEnded) Type() string { return "voice_ended" }

// Type implements Message.
func (*VoicePeople) Type() string { return "voice_people" }

// Type implements Message.
func (*VoiceSlots) Type() string { return "voice_slots" }

// Type implements Message.
func (*VoiceLevels) Type() string { return "voice_levels" }
