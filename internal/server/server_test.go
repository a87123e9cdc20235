package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/coder/websocket"

	"codecollab.dev"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/wire"
)

// house is a server on a real store, answering on loopback.
type house struct {
	t       *testing.T
	server  *Server
	door    *testDoor
	http    *httptest.Server
	client  *http.Client // with a cookie jar: one person
	room    string
	keys    map[string]string // of the room's links, by role
	members int
}

type fakeLanguages struct{}

func (fakeLanguages) List(context.Context) ([]Language, bool) {
	return []Language{python.Language}, true
}
func (fakeLanguages) Find(name string) (LanguageDetail, bool) {
	return python, name == "python" || name == "py"
}

var python = LanguageDetail{
	Language: Language{ID: "python", Name: "Python", File: "main.py", Available: true, Comments: &Comments{Line: "#"}},
	Sample:   "print(1)\n", Errors: []string{`line (?P<line>\d+) of (?P<file>\S+)`},
}

// fakeFormatter turns letters into capitals. It waits for wait, if there is one, and tells started before.
type fakeFormatter struct{ started, wait chan struct{} }

func (f fakeFormatter) Format(_ context.Context, s Source) (string, error) {
	if f.wait != nil {
		close(f.started)
		<-f.wait
	}
	if s.Language != "python" || s.Content == "(" {
		return "", codecollab.Errorf(codecollab.Invalid, "not_formatted", "line 1 of %s: never closed", s.Name)
	}
	return strings.ToUpper(s.Content), nil
}

type fakeRuns struct{}

func (fakeRuns) Stop(_ string, run int64, _ string) bool { return run == 7 }

func (fakeRuns) Type(_ string, run int64, person, data string) error {
	if run != 7 {
		return codecollab.Errorf(codecollab.NotFound, "no_run", "Run %d has ended.", run)
	}
	return nil
}

func (fakeRuns) Resize(string, int64, wire.Size) {}

func newHouse(t *testing.T, change ...func(*Options)) *house {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	rooms := room.New(db, nil, room.Options{
		Idle: time.Minute, SnapshotEvents: 100, TailBytes: 1 << 20, MaxPeople: 3, KnockPause: time.Minute,
		Limits:       wire.Limits{BatchBytes: 4096, FileUnits: 2000, Files: 10, ChatUnits: 1000},
		PresenceTick: time.Millisecond, CatchupEvents: 100, Runs: func() room.RunLimits { return room.RunLimits{Room: 2, Person: 9, All: 9} },
		KnownLanguage: func(id string) bool { return id == "python" }, Log: log, Now: time.Now,
	})
	door := newTestDoor(t, dir, db, log)
	opt := Options{
		Build: "test", Gate: door, Orgs: door.db, Rooms: rooms, Languages: fakeLanguages{}, Formatter: fakeFormatter{}, Runs: fakeRuns{}, Files: db, Visits: db, History: testArchive(db, log), Events: db, Keeper: db, Doors: db, OrgRooms: db, Hasher: testHasher(), PasscodeTries: 1000, Log: log, Ready: db.Ping,
		Page:      fstest.MapFS{"index.html": {Data: []byte("<!doctype html>page")}, "assets/a-1.js": {Data: bytes.Repeat([]byte("js "), 500)}},
		Voice:     testVoice(t, log),
		Heartbeat: time.Second, BatchBytes: 4096, BatchesPerSec: 1000, BatchBurst: 1000, AuditRooms: true,
	}
	for _, f := range change {
		f(&opt)
	}
	s, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, server: s, door: door, http: httptest.NewServer(s), client: newPerson(t)}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
		h.http.Close()
		db.Close()
	})
	h.room, h.keys = h.newRoom()
	return h
}

// newRoom makes another room of the house's person.
func (h *house) newRoom() (id string, keys map[string]string) {
	h.t.Helper()
	var made struct {
		Room, Key string
		Links     map[string]string
	}
	h.call(h.client, "POST", "/api/v1/rooms", `{"language":"py"}`, http.StatusCreated, &made)
	keys = map[string]string{}
	for role, link := range made.Links {
		path, key, ok := strings.Cut(link, "#")
		if !ok || path != "/r/"+made.Room || len(key) != 26 {
			h.t.Errorf("the link for %s is %q", role, link)
		}
		keys[role] = key
	}
	if len(keys) != 2 || made.Key != keys["editor"] {
		h.t.Errorf("a new room has the links %v and the key %q", keys, made.Key)
	}
	return made.Room, keys
}

// newMember is a person who has come by the room's link for a role.
func (h *house) newMember(role string) *http.Client {
	h.t.Helper()
	c := newPerson(h.t)
	h.call(c, "GET", "/api/v1/me", "", http.StatusOK, nil)
	ws := h.socket(c)
	h.members++
	ws.say(joinAs(fmt.Sprintf("member%02d", h.members), h.keys[role]))
	wait(h.t, ws, func(j *wire.Joined) bool { return j.Role == role })
	ws.ws.CloseNow()
	return c
}

func joinAs(client, key string) string {
	return fmt.Sprintf(`{"t":"join","protocol":1,"client":%q,"name":"Somebody","key":%q}`, client, key)
}

func newPerson(t *testing.T) *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func (h *house) call(c *http.Client, method, path, body string, want int, out any) http.Header {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.http.URL+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != want {
		h.t.Fatalf("%s %s: %s %s, want %d", method, path, resp.Status, data, want)
	}
	if out != nil {
		if err := json.Unmarshal(data, out); err != nil {
			h.t.Fatalf("%s: %v", data, err)
		}
	}
	return resp.Header
}

// talker is a connection as a test sees it, whichever way it is carried.
type talker interface {
	say(frame string)
	hear() []wire.Message // the next frame; fails the test at the end of the connection
}

type socketTalker struct {
	t  *testing.T
	ws *websocket.Conn
}

func (h *house) socket(c *http.Client) *socketTalker {
	h.t.Helper()
	ws, _, err := websocket.Dial(h.t.Context(), h.http.URL+"/api/v1/rooms/"+h.room+"/socket", &websocket.DialOptions{HTTPClient: c})
	if err != nil {
		h.t.Fatal(err)
	}
	ws.SetReadLimit(-1)
	h.t.Cleanup(func() { ws.CloseNow() })
	return &socketTalker{h.t, ws}
}

func (s *socketTalker) say(frame string) {
	s.t.Helper()
	if err := s.ws.Write(s.t.Context(), websocket.MessageText, []byte(frame)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *socketTalker) hear() []wire.Message {
	s.t.Helper()
	_, data, err := s.ws.Read(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return parseFrame(s.t, data)
}

func parseFrame(t *testing.T, data []byte) (out []wire.Message) {
	t.Helper()
	for _, line := range wire.SplitFrame(data) {
		m, err := wire.ParseServer(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		out = append(out, m)
	}
	return out
}

type streamTalker struct {
	h     *house
	lines *bufio.Scanner
	c     *http.Client
	path  string
}

// stream opens the fallback and reads its first event.
func (h *house) stream(c *http.Client) *streamTalker {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), "GET", h.http.URL+"/api/v1/rooms/"+h.room+"/stream", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { resp.Body.Close() })
	if ct := resp.Header.Get("Content-Type"); resp.StatusCode != 200 || ct != "text/event-stream" {
		h.t.Fatalf("stream: %s %s", resp.Status, ct)
	}
	s := &streamTalker{h: h, lines: bufio.NewScanner(resp.Body), c: c}
	s.lines.Buffer(nil, 1<<20)
	name, data := s.event()
	var open struct{ ID string }
	if err := json.Unmarshal(data, &open); name != "open" || err != nil || open.ID == "" {
		h.t.Fatalf("first event %q %s", name, data)
	}
	s.path = "/api/v1/rooms/" + h.room + "/stream/" + open.ID
	return s
}

func (s *streamTalker) event() (name string, data []byte) {
	s.h.t.Helper()
	for s.lines.Scan() {
		field, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch field {
		case "event":
			name = value
		case "data":
			if data != nil {
				data = append(data, '\n')
			}
			data = append(data, value...)
		case "":
			return name, data
		}
	}
	s.h.t.Fatalf("the stream has ended: %v", s.lines.Err())
	return "", nil
}

func (s *streamTalker) say(frame string) {
	s.h.t.Helper()
	s.h.call(s.c, "POST", s.path, frame, http.StatusNoContent, nil)
}

func (s *streamTalker) hear() []wire.Message {
	s.h.t.Helper()
	_, data := s.event()
	return parseFrame(s.h.t, data)
}

// wait reads on until a message of a type comes that is ok.
func wait[M wire.Message](t *testing.T, c talker, ok func(M) bool) M {
	t.Helper()
	for {
		for _, m := range c.hear() {
			if m, is := m.(M); is && ok(m) {
				return m
			}
		}
	}
}

func waitError(t *testing.T, c talker, code string) *wire.Error {
	t.Helper()
	e := wait(t, c, func(*wire.Error) bool { return true })
	if e.Code != code || e.Message == "" {
		t.Errorf("error %+v, want %s", e, code)
	}
	return e
}

const join = `{"t":"join","protocol":1,"client":"aaaaaaaa","name":"Ann","color":3}`

func (h *house) joined(c talker) *wire.Joined {
	h.t.Helper()
	c.say(join)
	return wait(h.t, c, func(*wire.Joined) bool { return true })
}

func edit(seq, base int64, file string, length int, insert string) string {
	return fmt.Sprintf(`{"t":"batch","seq":%d,"base":%d,"body":{"kind":"edit","edits":[{"file":%q,"changes":[[0,%q],%d]}]}}`, seq, base, file, insert, length)
}

// Both ways of transport carry the same conversation.
func TestAConversation(t *testing.T) {
	for name, open := range map[string]func(*house, *http.Client) talker{
		"websocket": func(h *house, c *http.Client) talker { return h.socket(c) },
		"stream":    func(h *house, c *http.Client) talker { return h.stream(c) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			c := open(h, h.client)
			j := h.joined(c)
			if j.Role != "owner" || j.Server != "test" || j.Snapshot == nil || j.Snapshot.Files[0].Text != python.Sample {
				t.Errorf("joined %+v", j)
			}
			file := j.Snapshot.Files[0].ID
			c.say(edit(1, j.Version, file, 9, "a <b> & c "))
			e := wait(t, c, func(e *wire.Event) bool { return e.Seq == 1 })
			if e.Client != "aaaaaaaa" || e.By != j.Person {
				t.Errorf("event %+v", e)
			}
			c.say(edit(1, j.Version, file, 9, "a <b> & c ")) // the acknowledgement was lost, say
			if a := wait(t, c, func(*wire.Ack) bool { return true }); a.Seq != 1 || a.Version != e.Version {
				t.Errorf("ack %+v", a)
			}
			c.say(`{"t":"ping"}`)
			wait(t, c, func(*wire.Pong) bool { return true })
			c.say("{\"t\":\"profile\",\"name\":\"  Bo\\nb \",\"color\":-1}\n{\"t\":\"ping\"}") // two messages in a frame
			wait(t, c, func(p *wire.Presence) bool {
				return len(p.People) == 1 && p.People[0].Name == "Bo b" && p.People[0].Color == 11
			})
			c.say(`{"t":"stop","run":8}`)
			waitError(t, c, "no_run")
		})
	}
}

// Whatever a client says, the connection and the room go on.
func TestBadMessagesCostNothing(t *testing.T) {
	h := newHouse(t)
	c := h.socket(h.client)
	j := h.joined(c)
	file := j.Snapshot.Files[0].ID
	for _, bad := range []struct {
		say, code string
		seq       int64
	}{
		{`not json`, "bad_message", 0},
		{`{"t":"dance"}`, "bad_message", 0},
		{`{"t":"batch","seq":1,"base":2,"body":{"kind":"dance"}}`, "bad_message", 1},
		{`{"t":"batch","seq":1,"base":2}`, "bad_message", 1},
		{`{"t":"batch","seq":1,"base":"x"}`, "bad_message", 1},
		{`{"t":"batch","seq":1,"base":2,"body":{"kind":"edit","edits":[{"file":"` + file + `","changes":[-1]}]}}`, "bad_edit", 1},
		{`{"t":"batch","seq":1,"base":2,"body":{"kind":"edit","edits":[{"file":"` + file + `","changes":[9,[0,"\ud83d"]]}]}}`, "bad_edit", 1},
		{edit(1, 2, file, 8, "x"), "bad_edit", 1},
		{edit(1, 99, file, 9, "x"), "future_version", 1},
		{edit(1, 2, file, 9, strings.Repeat("x", 5000)), "too_large", 0},
		{edit(1, 2, file, 9, strings.Repeat("x", 2500)), "too_large", 1},
		{`{"t":"presence","version":99,"anchor":0,"head":0}`, "future_version", 0},
		{join, "bad_message", 0},
	} {
		c.say(bad.say)
		if e := waitError(t, c, bad.code); e.Fatal || e.Retry || e.Seq != bad.seq {
			t.Errorf("%.80s: %+v", bad.say, e)
		}
	}
	c.say(edit(2, 2, file, 9, "still here"))
	wait(t, c, func(e *wire.Event) bool { return e.Seq == 2 })
}

func TestBadBeginnings(t *testing.T) {
	h := newHouse(t)
	for say, code := range map[string]string{
		`{"t":"ping"}`:                     "not_joined",
		`garbage`:                          "bad_message",
		"\n":                               "not_joined",
		`{"t":"join","client":"aaaaaaaa"}`: "bad_protocol",
		`{"t":"join","protocol":99,"client":"aaaaaaaa"}`: "old_server",
		`{"t":"join","protocol":1,"client":"../x"}`:      "bad_id",
	} {
		c := h.socket(h.client)
		c.say(say)
		if e := waitError(t, c, code); !e.Fatal || e.Retry != (code == "old_server") {
			t.Errorf("%s: %+v", say, e)
		}
	}
}

func TestAnUnknownRoom(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"", "/socket", "/stream"} {
		var e struct{ Code, Message string }
		h.call(h.client, "GET", "/api/v1/rooms/nowhere"+path, "", http.StatusNotFound, &e)
		if e.Code != "no_room" || e.Message == "" {
			t.Errorf("%s: %+v", path, e)
		}
	}
}

func TestTooManyPeople(t *testing.T) {
	h := newHouse(t)
	for i := range 3 {
		c := h.socket(h.client)
		c.say(fmt.Sprintf(`{"t":"join","protocol":1,"client":"client%02d"}`, i))
		wait(t, c, func(*wire.Joined) bool { return true })
	}
	c := h.socket(h.client)
	c.say(join)
	if e := waitError(t, c, "room_full"); !e.Fatal || !e.Retry {
		t.Errorf("%+v", e)
	}
}

func TestAClientIDOfSomebodyElse(t *testing.T) {
	h := newHouse(t)
	first := h.socket(h.client)
	h.joined(first)
	other := h.socket(newPerson(t))
	other.say(joinAs("aaaaaaaa", h.keys["editor"]))
	if e := waitError(t, other, "client_taken"); !e.Fatal {
		t.Errorf("%+v", e)
	}
	first.say(`{"t":"ping"}`)
	wait(t, first, func(*wire.Pong) bool { return true })
}

func TestTheNewerConnectionReplacesTheOlder(t *testing.T) {
	h := newHouse(t)
	older := h.socket(h.client)
	h.joined(older)
	h.joined(h.socket(h.client))
	wait(t, older, func(b *wire.Bye) bool { return b.Reason == "replaced" })
}

func TestAPlannedStopSaysBye(t *testing.T) {
	h := newHouse(t)
	ways := []talker{h.socket(h.client), h.stream(h.client)}
	for i, c := range ways {
		c.say(fmt.Sprintf(`{"t":"join","protocol":1,"client":"client%02d"}`, i))
		wait(t, c, func(*wire.Joined) bool { return true })
	}
	closed := make(chan error, 1)
	go func() { closed <- h.server.Close(context.Background()) }()
	for _, c := range ways {
		wait(t, c, func(b *wire.Bye) bool { return b.Reason == "restart" && b.Retry > 0 })
	}
	for _, c := range ways {
		if s, ok := c.(*socketTalker); ok {
			s.ws.CloseNow()
		}
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	h.call(h.client, "GET", "/readyz", "", http.StatusServiceUnavailable, nil)
	h.call(h.client, "GET", "/healthz", "", http.StatusOK, nil)
}

func TestASilentConnectionIsClosed(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Heartbeat = 20 * time.Millisecond })
	c := h.socket(h.client)
	h.joined(c)
	for {
		if _, _, err := c.ws.Read(t.Context()); err != nil {
			return // closed by the server, since nothing was said for four heartbeats
		}
	}
}

func TestTooFastIsToldSo(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.BatchesPerSec, o.BatchBurst = 0.1, 1 })
	c := h.socket(h.client)
	j := h.joined(c)
	file := j.Snapshot.Files[0].ID
	c.say(edit(1, j.Version, file, 9, "x"))
	c.say(edit(2, j.Version, file, 9, "x"))
	if e := waitError(t, c, "slow_down"); !e.Retry || e.Seq != 2 {
		t.Errorf("%+v", e)
	}
}

func TestAStreamBelongsToOnePerson(t *testing.T) {
	h := newHouse(t)
	s := h.stream(h.client)
	var e struct{ Code string }
	h.call(newPerson(t), "POST", s.path, join, http.StatusNotFound, &e)
	if e.Code != "no_stream" {
		t.Errorf("%+v", e)
	}
	h.call(h.client, "POST", s.path, strings.Repeat("x", 5000), http.StatusRequestEntityTooLarge, &e)
	h.joined(s) // neither has disturbed it
}

func TestOtherOrigins(t *testing.T) {
	h := newHouse(t)
	header := http.Header{"Origin": {"https://evil.example"}}
	_, resp, err := websocket.Dial(t.Context(), h.http.URL+"/api/v1/rooms/"+h.room+"/socket", &websocket.DialOptions{HTTPClient: h.client, HTTPHeader: header})
	if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("a socket from another origin: %v", err)
	}
	req, _ := http.NewRequestWithContext(t.Context(), "POST", h.http.URL+"/api/v1/rooms", strings.NewReader("{}"))
	req.Header = http.Header{"Sec-Fetch-Site": {"cross-site"}}
	if resp, err = h.client.Do(req); err != nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("a POST from another origin: %v %v", resp.Status, err)
	}
}

func TestRequests(t *testing.T) {
	h := newHouse(t)
	var e struct{ Code, Message string }
	h.call(h.client, "POST", "/api/v1/rooms", `{"language":"klingon"}`, http.StatusNotFound, &e)
	if e.Code != "no_language" {
		t.Errorf("%+v", e)
	}
	h.call(h.client, "POST", "/api/v1/rooms", `{`, http.StatusBadRequest, &e)
	h.call(h.client, "POST", "/api/v1/rooms", `{"language":"`+strings.Repeat("x", 70<<10)+`"}`, http.StatusRequestEntityTooLarge, &e)
	h.call(h.client, "GET", "/api/v2/execute", "", http.StatusNotFound, &e)
	if e.Code != "no_endpoint" {
		t.Errorf("%+v", e)
	}
	var info struct {
		Role     string
		Version  int64
		Language string
	}
	h.call(h.client, "GET", "/api/v1/rooms/"+h.room, "", http.StatusOK, &info)
	if info.Role != "owner" || info.Version != 3 || info.Language != "python" {
		t.Errorf("owner: %+v", info)
	}
	h.call(h.newMember("editor"), "GET", "/api/v1/rooms/"+h.room, "", http.StatusOK, &info)
	if info.Role != "editor" {
		t.Errorf("another person: %+v", info)
	}
	h.call(newPerson(t), "GET", "/api/v1/rooms/"+h.room, "", http.StatusForbidden, &e)
	if e.Code != "no_access" {
		t.Errorf("a stranger: %+v", e)
	}
	var me [2]struct{ Person string }
	for i := range me {
		h.call(h.client, "GET", "/api/v1/me", "", http.StatusOK, &me[i])
	}
	if me[0] != me[1] || me[0].Person == "" {
		t.Errorf("me %+v", me)
	}
	h.call(h.client, "GET", "/readyz", "", http.StatusOK, nil)
}

func TestThePage(t *testing.T) {
	h := newHouse(t)
	for path, want := range map[string]int{
		"/": 200, "/r/" + h.room: 200, "/r/some.room": 200, "/assets/a-1.js": 200, "/nowhere.js": 404, "/../../etc/passwd": 200,
	} {
		header := h.call(h.client, "GET", path, "", want, nil)
		if header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s: headers %v", path, header)
		}
		cached := strings.Contains(header.Get("Cache-Control"), "immutable")
		if cached != strings.HasPrefix(path, "/assets/") {
			t.Errorf("%s: Cache-Control %q", path, header.Get("Cache-Control"))
		}
	}
	h.call(h.client, "POST", "/", "", http.StatusMethodNotAllowed, nil)
}

// A defect is told without its details.
func TestInternalErrorsAreHidden(t *testing.T) {
	h := newHouse(t, func(o *Options) {
		o.Ready = func(context.Context) error { return fmt.Errorf("password=hunter2") }
	})
	var e struct{ Code, Message string }
	h.call(h.client, "GET", "/readyz", "", http.StatusServiceUnavailable, &e)
	if strings.Contains(e.Message, "hunter2") {
		t.Errorf("%+v", e)
	}
	if m := h.server.refusal(fmt.Errorf("password=hunter2"), 3); m.Code != "internal" || !m.Retry || strings.Contains(m.Message, "hunter2") {
		t.Errorf("%+v", m)
	}
	if m := h.server.refusal(codecollab.Errorf(codecollab.Unavailable, "read_only", "full"), 3); !m.Retry || m.Seq != 3 {
		t.Errorf("%+v", m)
	}
}
