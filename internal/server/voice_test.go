package server

import (
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/voice"
	"codecollab.dev/internal/wire"
)

func testVoice(t *testing.T, log *slog.Logger) *voice.Desk {
	t.Helper()
	engine, err := voice.NewEngine(voice.EngineOptions{
		UDP: "127.0.0.1:0", Public: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, Most: 10, Bitrate: 32000, Lost: time.Minute, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	desk := voice.NewDesk(voice.Options{Engine: engine, Slots: 3, Room: 3, All: 3, Grace: time.Minute, Node: "n", Log: log})
	t.Cleanup(func() { desk.Close(); engine.Close() })
	return desk
}

// Who is in voice is told to who joins the room, and what one asks is answered; on both ways of connecting.
func TestVoiceOnAConnection(t *testing.T) {
	for way, open := range ways() {
		t.Run(way, func(t *testing.T) {
			h := newHouse(t)
			conn := open(h, h.client)
			conn.say(joinAs("aaaaaaaa", ""))
			p := wait(t, conn, func(*wire.VoicePeople) bool { return true })
			if p.Engine != "sfu" || len(p.People) > 0 {
				t.Errorf("%+v", p)
			}
			conn.say(`{"t":"voice_ask"}`)
			w := wait(t, conn, func(*wire.VoiceWays) bool { return true })
			if w.Slots != 3 || !slices.Contains(w.Tests, "udp") {
				t.Errorf("%+v", w)
			}
			conn.say(`{"t":"voice_offer","call":"aaaaaaaa","sdp":"v=0"}`)
			if r := wait(t, conn, func(*wire.VoiceRefused) bool { return true }); r.Code != "bad_sdp" || r.Call != "aaaaaaaa" {
				t.Errorf("%+v", r)
			}
		})
	}
}

// Without voice everything about it is refused in words, and nobody is told who talks.
func TestNoVoice(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Voice = nil })
	conn := h.socket(h.client)
	conn.say(joinAs("aaaaaaaa", ""))
	conn.say(`{"t":"voice_ask"}`)
	m := waitFor(t, conn, func(m wire.Message) bool { return strings.HasPrefix(m.Type(), "voice_") })
	if r, ok := m.(*wire.VoiceRefused); !ok || r.Code != "voice_off" || r.Message == "" {
		t.Errorf("%+v", m)
	}
}

// An owner's mute is a role event; who is muted may listen still, and only an owner may do it.
func TestAnOwnerMutes(t *testing.T) {
	h := newHouse(t)
	ben := h.as(rights.Editor)
	owner, conn := h.socket(h.client), h.socket(ben)
	owner.say(joinAs("aaaaaaaa", ""))
	conn.say(joinAs("bbbbbbbb", ""))
	wait(t, conn, func(*wire.Joined) bool { return true })
	path := "/api/v1/rooms/" + h.room + "/members/" + h.personOf(ben)
	h.call(ben, "PUT", path, `{"mute":"no"}`, http.StatusForbidden, nil)
	h.call(h.client, "PUT", path, `{"mute":"loudly"}`, http.StatusBadRequest, nil)
	h.call(h.client, "PUT", path, `{"mute":"yes"}`, http.StatusNoContent, nil)
	e := wait(t, conn, func(e *wire.Event) bool { return e.Body.Kind() == "role" && e.Body.Payload.(*wire.Role).Mute == "yes" })
	if r := e.Body.Payload.(*wire.Role); r.Person != h.personOf(ben) || r.Role != "" {
		t.Errorf("%+v", r)
	}
	conn.say(`{"t":"voice_ask"}`)
	wait(t, conn, func(*wire.VoiceWays) bool { return true })
	late := h.socket(h.client)
	late.say(joinAs("cccccccc", ""))
	j := wait(t, late, func(*wire.Joined) bool { return true })
	if !slices.ContainsFunc(j.Snapshot.Members, func(m wire.Member) bool { return m.Person == h.personOf(ben) && m.Muted && m.Role == "editor" }) {
		t.Errorf("who comes later does not see it: %+v", j.Snapshot.Members)
	}
	h.call(h.client, "PUT", path, `{"mute":"no"}`, http.StatusNoContent, nil)
	wait(t, conn, func(e *wire.Event) bool { return e.Body.Kind() == "role" && e.Body.Payload.(*wire.Role).Mute == "no" })
}
