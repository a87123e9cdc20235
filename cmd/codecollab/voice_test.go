package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"codecollab.dev/bench/voicebench"
	"codecollab.dev/bench/voiceclient"
	"codecollab.dev/internal/servicetest"
	"codecollab.dev/internal/wire"
)

// voicePorts keep servers that run at the same time out of each other's way.
var voicePorts = []string{"--voice-udp=127.0.0.1:0", "--voice-tcp=127.0.0.1:0", "--voice-turn-udp=127.0.0.1:0", "--voice-turn-tcp=127.0.0.1:0"}

// speaker is somebody who comes into a room of the program and talks.
func (p *program) speaker(cfg voiceclient.Config) *voiceclient.Person {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	who, err := p.tryToSpeak(ctx, cfg)
	if err != nil {
		p.t.Fatalf("%s cannot talk: %v", cfg.Client, err)
	}
	return who
}

func (p *program) tryToSpeak(ctx context.Context, cfg voiceclient.Config) (*voiceclient.Person, error) {
	cfg.URL, cfg.Name = p.url(), cfg.Client
	who, err := voiceclient.Join(ctx, cfg)
	if err != nil {
		return nil, err
	}
	who.Level.Store(20)
	who.Talking.Store(true)
	p.t.Cleanup(who.Close)
	return who, nil
}

// hears waits until one hears another anew.
func hears(t *testing.T, one, other *voiceclient.Person) {
	t.Helper()
	before := one.Heard(other)
	if !comesTrue(func() bool { return one.Heard(other) > before+5 }) {
		t.Fatalf("%d packets are heard, and no more; told: %s", one.Heard(other), one.Told())
	}
}

// hearsNot makes sure that one does not hear another, while they hear a third.
func hearsNot(t *testing.T, one, other, third *voiceclient.Person) {
	t.Helper()
	quiet := func() bool {
		before := one.Heard(other)
		hears(t, one, third)
		hears(t, one, third)
		return one.Heard(other) == before
	}
	if !comesTrue(quiet) || !quiet() {
		t.Fatal("somebody is heard who must not be")
	}
}

func comesTrue(f func() bool) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if f() {
			return true
		}
	}
	return false
}

func (p *program) guest() string {
	p.t.Helper()
	_, token := p.room("python")
	return token
}

// put sends a request of somebody's.
func (p *program) put(token, path, body string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPut, p.url()+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusNoContent {
		p.t.Fatalf("PUT %s: %s", path, res.Status)
	}
}

// People talk through the real server: by UDP, by TCP, by its relay, and by the page's own port.
func TestPeopleTalk(t *testing.T) {
	p := start(t, "", voicePorts...)
	room, token := p.room("python")
	ann := p.speaker(voiceclient.Config{Room: room, Token: token, Client: "annannann"})
	ben := p.speaker(voiceclient.Config{Room: room, Token: p.guest(), Client: "benbenben"})
	tcp := p.speaker(voiceclient.Config{Room: room, Token: p.guest(), Client: "tcptcptcp", TCP: true})
	relay := p.speaker(voiceclient.Config{Room: room, Token: p.guest(), Client: "relayrelay", Relay: true})
	hears(t, ann, ben)
	hears(t, ben, ann)
	for _, other := range []*voiceclient.Person{tcp, relay} {
		hears(t, ann, other)
		hears(t, other, ben)
	}
}

// One open TCP port is enough for everything.
func TestVoiceByThePortOfThePage(t *testing.T) {
	p := start(t, "", "--voice-udp=", "--voice-tcp=")
	room, token := p.room("python")
	ann := p.speaker(voiceclient.Config{Room: room, Token: token, Client: "annannann", TCP: true})
	ben := p.speaker(voiceclient.Config{Room: room, Token: p.guest(), Client: "benbenben", TCP: true})
	hears(t, ann, ben)
	hears(t, ben, ann)
}

// An owner's mute and a removal stop packets at the server.
func TestAnOwnerMutesSomebody(t *testing.T) {
	p := start(t, "", voicePorts...)
	room, token := p.room("python")
	id, _, _ := strings.Cut(room, "#")
	ann := p.speaker(voiceclient.Config{Room: room, Token: token, Client: "annannann"})
	ben := p.speaker(voiceclient.Config{Room: room, Token: p.guest(), Client: "benbenben"})
	cyd := p.speaker(voiceclient.Config{Room: room, Token: p.guest(), Client: "cydcydcyd"})
	hears(t, ann, ben)
	who, err := voiceclient.Await(t.Context(), ben, func(j *wire.Joined) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	member := "/api/v1/rooms/" + id + "/members/" + who.Person
	p.put(token, member, `{"mute":"yes"}`)
	hearsNot(t, ann, ben, cyd)
	hears(t, ben, ann)
	p.put(token, member, `{"mute":"no"}`)
	hears(t, ann, ben)
	p.put(token, member, `{"role":"removed"}`)
	hearsNot(t, ann, ben, cyd)
}

// A lost connection to the room does not end a call, and a server that stops says so.
func TestTheServerStopsWhilePeopleTalk(t *testing.T) {
	p := start(t, "", voicePorts...)
	room, token := p.room("python")
	ann := p.speaker(voiceclient.Config{Room: room, Token: token, Client: "annannann"})
	ben := p.speaker(voiceclient.Config{Room: room, Token: p.guest(), Client: "benbenben"})
	ben.Drop()
	hears(t, ann, ben)
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ended, err := voiceclient.Await(ctx, ann, func(*wire.VoiceEnded) bool { return true })
	if err != nil || ended.Code != "moved" || !ended.Retry {
		t.Errorf("%+v %v", ended, err)
	}
	<-p.gone
}

// The load test, short: what it measures depends on the machine, but nobody is left out and next to nothing is lost.
func TestBenchVoice(t *testing.T) {
	var out bytes.Buffer
	if err := voicebench.Main(t.Context(), []string{"--people=12", "--speakers=3", "--edits=0", "--seconds=1", "--json"}, &out, io.Discard, os.Args[0]); err != nil {
		t.Fatal(err)
	}
	var r voicebench.Result
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Crowd.People != 12 || r.Crowd.Received == 0 || r.Crowd.Lost > r.Crowd.Received/10 || r.Speakers.Received == 0 {
		t.Errorf("%s", out.String())
	}
}

// People of one room who are connected to different nodes hear each other.
func TestVoiceOverNodes(t *testing.T) {
	database, redis := servicetest.Postgres(t), servicetest.Redis(t)
	t.Setenv("CODECOLLAB_DATABASE_URL", database)
	t.Setenv("CODECOLLAB_REDIS_URL", redis.URL)
	first := start(t, "", append(voicePorts, "--node=n1")...)
	secret, err := os.ReadFile(first.data + "/" + sealKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/"+sealKey, secret, 0o600); err != nil {
		t.Fatal(err)
	}
	second := start(t, dir, append(voicePorts, "--node=n2")...)
	room, token := first.room("python")
	ann := first.speaker(voiceclient.Config{Room: room, Token: token, Client: "annannann"})
	ben := second.speaker(voiceclient.Config{Room: room, Token: second.guest(), Client: "benbenben"})
	cyd := second.speaker(voiceclient.Config{Room: room, Token: second.guest(), Client: "cydcydcyd"})
	hears(t, ann, ben)
	hears(t, ben, ann)
	hears(t, ben, cyd)
	who, err := voiceclient.Await(t.Context(), ben, func(*wire.Joined) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	id, _, _ := strings.Cut(room, "#")
	first.put(token, "/api/v1/rooms/"+id+"/members/"+who.Person, `{"mute":"yes"}`)
	hearsNot(t, ann, ben, cyd)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, one := range []*voiceclient.Person{ann, cyd} {
		if _, err := voiceclient.Await(ctx, one, func(m *wire.VoicePeople) bool { return len(m.People) == 3 }); err != nil {
			t.Error(err)
		}
	}
	// The node that has the room's voice stops, and the other one takes over.
	if err := first.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if ended, err := voiceclient.Await(ctx, ben, func(*wire.VoiceEnded) bool { return true }); err != nil || ended.Code != "moved" || !ended.Retry {
		t.Errorf("%+v %v", ended, err)
	}
	<-first.gone
	dan := second.speaker(voiceclient.Config{Room: room, Token: second.guest(), Client: "dandandan"})
	eve := second.speaker(voiceclient.Config{Room: room, Token: second.guest(), Client: "eveeveeve"})
	hears(t, dan, eve)
	hears(t, eve, dan)
}
