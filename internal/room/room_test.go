package room_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/bus"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/wire"
)

// options are small enough for limits to be met in a test.
func options(t testing.TB) room.Options {
	return room.Options{
		Idle: time.Minute, SnapshotEvents: 10, TailBytes: 64 << 10, MaxPeople: 5,
		Limits:       wire.Limits{BatchBytes: 1 << 20, FileUnits: 1000, Files: 4, ChatUnits: 300},
		PresenceTick: time.Millisecond, CatchupEvents: 20, Runs: func() room.RunLimits { return room.RunLimits{Room: 2, Person: 3, All: 5} },
		KnownLanguage: func(id string) bool { return id == "python" || id == "go" },
		Log:           slog.New(slog.NewTextHandler(t.Output(), nil)), Now: time.Now,
	}
}

// house is a store with rooms on it.
type house struct {
	t     testing.TB
	store *store.Store
	rooms *room.Rooms
}

func newHouse(t testing.TB, change ...func(*room.Options)) *house {
	t.Helper()
	opt := options(t)
	for _, f := range change {
		f(&opt)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Log: opt.Log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	h := &house{t: t, store: s, rooms: room.New(s, nil, opt)}
	h.create("r")
	return h
}

const file = "ffffffff" // the room's first file; its text is "hello"

func (h *house) create(id string) {
	h.t.Helper()
	err := h.rooms.Create(h.t.Context(), id, room.Author{Person: "powner"}, "python", wire.Create{File: file, Name: "main.py", Text: "hello"}, false)
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) use(rooms *room.Rooms, f func(*room.Room) error) error {
	return rooms.Use(h.t.Context(), "r", f)
}

type result struct {
	v     codecollab.Version
	again bool
	err   error
}

// send submits a batch and waits for its outcome.
func (h *house) send(rooms *room.Rooms, client string, seq int64, base codecollab.Version, p wire.Payload) result {
	h.t.Helper()
	c := make(chan result, 1)
	err := h.use(rooms, func(r *room.Room) error {
		a := room.Author{Person: "p" + client, Client: client, Name: "N " + client}
		r.Submit(a, &wire.Batch{Seq: seq, Base: base, Body: wire.Body{Payload: p}},
			func(v codecollab.Version, again bool, err error) { c <- result{v, again, err} })
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return <-c
}

func (h *house) ok(client string, seq int64, base codecollab.Version, p wire.Payload) codecollab.Version {
	h.t.Helper()
	res := h.send(h.rooms, client, seq, base, p)
	if res.err != nil || res.again {
		h.t.Fatalf("%s/%d: %+v", client, seq, res)
	}
	return res.v
}

func (h *house) text(rooms *room.Rooms, id string) string {
	h.t.Helper()
	for _, f := range h.join(rooms, "zzzzzzzz", nil, 0).snapshot(h.t).Files {
		if f.ID == id {
			return f.Text
		}
	}
	h.t.Fatalf("no file %s", id)
	return ""
}

// joiner is somebody who joined, and what came first.
type joiner struct {
	conn  *room.Conn
	first []wire.Message
}

func (h *house) tryJoin(rooms *room.Rooms, person, client string, m *wire.Join) (j joiner, err error) {
	err = h.use(rooms, func(r *room.Room) error {
		joined, err := r.Join(h.t.Context(), room.Visitor{Person: person, Session: "s" + client}, m, "build", 5000)
		if err != nil {
			return err
		}
		j.conn = joined.Conn
		for _, frame := range joined.First {
			m, err := wire.ParseServer(frame)
			if err != nil {
				return err
			}
			j.first = append(j.first, m)
		}
		return nil
	})
	return j, err
}

func (h *house) join(rooms *room.Rooms, client string, resume *int64, seq int64) joiner {
	h.t.Helper()
	j, err := h.tryJoin(rooms, "p"+client, client, &wire.Join{Protocol: codecollab.Protocol, Client: client, Name: client, Resume: resume, Seq: seq})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(j.conn.Leave)
	return j
}

func (j joiner) snapshot(t testing.TB) *wire.State {
	t.Helper()
	snap := j.first[0].(*wire.Joined).Snapshot
	if snap == nil {
		t.Fatal("joined without a snapshot")
	}
	return snap
}

// next reads the next messages from the tail, waiting for them.
func (j joiner) next(t testing.TB) []wire.Message {
	t.Helper()
	for {
		frames, wait, ok := j.conn.Read(1 << 20)
		if !ok {
			t.Fatal("fell out of the tail")
		}
		if len(frames) == 0 {
			<-wait
			continue
		}
		var out []wire.Message
		for _, f := range frames {
			m, err := wire.ParseServer(f)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, m)
		}
		return out
	}
}

// until reads on until a message of a type comes.
func until[M wire.Message](t testing.TB, j joiner, ok func(M) bool) M {
	t.Helper()
	for {
		for _, m := range j.next(t) {
			if m, is := m.(M); is && ok(m) {
				return m
			}
		}
	}
}

// allEvents reads the events of the versions from first to last, without gap or double.
func (j joiner) allEvents(t testing.TB, first, last codecollab.Version) {
	t.Helper()
	for first <= last {
		for _, m := range j.next(t) {
			e, ok := m.(*wire.Event)
			if !ok {
				continue
			}
			if e.Version != first {
				t.Fatalf("event %d, want %d", e.Version, first)
			}
			first++
		}
	}
}

func edit(docLen, from, to int, insert string) *wire.Edit {
	return &wire.Edit{Edits: []wire.FileEdit{{File: file, Changes: ot.Replace(docLen, from, to, insert)}}}
}

func TestEditsOfTwoMeet(t *testing.T) {
	h := newHouse(t)
	base := int64(2) // the language and the file
	v := h.ok("aaaaaaaa", 1, base, edit(5, 5, 5, " world"))
	if v != base+2 { // the person's name comes first
		t.Errorf("version %d", v)
	}
	h.ok("bbbbbbbb", 1, base, edit(5, 0, 1, "J"))
	if got := h.text(h.rooms, file); got != "Jello world" {
		t.Errorf("text %q", got)
	}
}

// R5: whoever's client id sorts first goes first, in whichever order the two arrive.
func TestTiesAreBrokenByClientID(t *testing.T) {
	for _, order := range [][]string{{"aaaaaaaa", "bbbbbbbb"}, {"bbbbbbbb", "aaaaaaaa"}} {
		h := newHouse(t)
		for _, c := range order {
			h.ok(c, 1, 2, edit(5, 5, 5, c[:3]))
		}
		if got := h.text(h.rooms, file); got != "helloaaabbb" {
			t.Errorf("%v: %q", order, got)
		}
	}
}

// R3: a batch that comes again is answered with the version at which it was committed.
func TestABatchCommitsOnce(t *testing.T) {
	h := newHouse(t)
	v := h.ok("aaaaaaaa", 1, 2, edit(5, 5, 5, "!"))
	for range 3 {
		if res := h.send(h.rooms, "aaaaaaaa", 1, 2, edit(5, 5, 5, "!")); !res.again || res.v != v || res.err != nil {
			t.Errorf("again: %+v, want version %d", res, v)
		}
	}
	if got := h.text(h.rooms, file); got != "hello!" {
		t.Errorf("text %q", got)
	}
	// The log itself remembers, whoever reads it.
	if res := h.send(room.New(h.store, nil, options(t)), "aaaaaaaa", 1, 2, edit(5, 5, 5, "!")); !res.again || res.v != v {
		t.Errorf("after a restart: %+v", res)
	}
}

// R4: what is refused changes nothing, and costs nobody anything.
func TestRefusals(t *testing.T) {
	h := newHouse(t)
	head := h.ok("aaaaaaaa", 1, 2, edit(5, 5, 5, "😀"))
	deleted := h.ok("aaaaaaaa", 2, head, &wire.Create{File: "gggggggg", Name: "gone.py"})
	head = h.ok("aaaaaaaa", 3, deleted, &wire.Delete{File: "gggggggg"})
	long := strings.Repeat("x", 1001)
	cases := []struct {
		name string
		base codecollab.Version
		seq  int64
		body wire.Payload
		code string
	}{
		{"an edit that does not fit", head, 9, edit(6, 0, 0, "x"), "bad_edit"},
		{"a split surrogate pair", head, 9, edit(7, 6, 6, "x"), "bad_edit"},
		{"half a surrogate pair deleted", head, 9, edit(7, 5, 6, ""), "bad_edit"},
		{"a version from the future", head + 1, 9, edit(7, 0, 0, "x"), "future_version"},
		{"a base before one's own last event", head - 1, 9, edit(7, 0, 0, "x"), "out_of_order"},
		{"a negative base", -1, 9, edit(7, 0, 0, "x"), "out_of_order"},
		{"no number", head, 0, edit(7, 0, 0, "x"), "bad_message"},
		{"no file named", head, 9, &wire.Edit{}, "bad_message"},
		{"a file named twice", head, 9, &wire.Edit{Edits: append(edit(7, 0, 0, "x").Edits, edit(7, 0, 0, "x").Edits...)}, "bad_message"},
		{"an unknown file", head, 9, &wire.Edit{Edits: []wire.FileEdit{{File: "nonesuch", Changes: ot.Replace(0, 0, 0, "x")}}}, "no_file"},
		{"a deleted file", head, 9, &wire.Edit{Edits: []wire.FileEdit{{File: "gggggggg", Changes: ot.Replace(0, 0, 0, "x")}}}, "no_file"},
		{"a file that grows too large", head, 9, edit(7, 0, 0, long), "too_large"},
		{"a new file that is too large", head, 9, &wire.Create{File: "hhhhhhhh", Name: "a", Text: long}, "too_large"},
		{"a file id that was used", head, 9, &wire.Create{File: "gggggggg", Name: "a"}, "file_exists"},
		{"a bad file id", head, 9, &wire.Create{File: "x", Name: "a"}, "bad_id"},
		{"a name that climbs", head, 9, &wire.Create{File: "hhhhhhhh", Name: "../a"}, "bad_name"},
		{"an absolute name", head, 9, &wire.Rename{File: file, Name: "/etc/passwd"}, "bad_name"},
		{"an unknown language", head, 9, &wire.Language{Language: "klingon"}, "no_language"},
		{"a tab without width", head, 9, &wire.Settings{}, "bad_settings"},
		{"too wide a tab", head, 9, &wire.Settings{TabWidth: 9}, "bad_settings"},
		{"an indentation that is none", head, 9, &wire.Settings{TabWidth: 4, Indent: "dots"}, "bad_settings"},
		{"too long a title", head, 9, &wire.Title{Title: strings.Repeat("ä", 81)}, "bad_title"},
		{"a run in an unknown language", head, 9, &wire.Run{File: file, Language: "klingon"}, "no_language"},
		{"a run of an unknown file", head, 9, &wire.Run{File: "nonesuch", Language: "go"}, "no_file"},
		{"too many arguments", head, 9, &wire.Run{File: file, Language: "go", Args: make([]string, 65)}, "too_large"},
		{"the end of a run, by a client", head, 9, &wire.Finish{Run: 1}, "bad_message"},
		{"a name, by a client", head, 9, &wire.Person{Person: "pother", Name: "Eve"}, "bad_message"},
	}
	before := h.text(h.rooms, file)
	for _, c := range cases {
		res := h.send(h.rooms, "aaaaaaaa", c.seq, c.base, c.body)
		if codecollab.CodeOf(res.err) != c.code || res.err == nil {
			t.Errorf("%s: %+v, want %s", c.name, res, c.code)
		}
	}
	if got := h.ok("aaaaaaaa", 9, head, edit(7, 0, 0, "ok ")); got != head+1 {
		t.Errorf("the next event has version %d, want %d", got, head+1)
	}
	if got := h.text(h.rooms, file); got != "ok "+before {
		t.Errorf("text %q", got)
	}
}

func TestSettingsOutliveTheRoomsTimeInMemory(t *testing.T) {
	h := newHouse(t)
	if s := h.join(h.rooms, "bbbbbbbb", nil, 0).snapshot(t).Settings; s != nil {
		t.Errorf("a new room has the settings %+v", s)
	}
	want := wire.Settings{TabWidth: 3, Indent: "tabs"}
	v, n := h.ok("aaaaaaaa", 1, 2, &want), 5
	for i := range 12 { // beyond a snapshot
		v = h.ok("aaaaaaaa", int64(i+2), v, edit(n, 0, 0, "z"))
		n++
	}
	again := room.New(h.store, nil, options(t))
	if s := h.join(again, "cccccccc", nil, 0).snapshot(t).Settings; s == nil || *s != want {
		t.Errorf("settings %+v, want %+v", s, want)
	}
}

func TestTitle(t *testing.T) {
	h := newHouse(t)
	v := h.ok("aaaaaaaa", 1, 2, &wire.Title{Title: "  Interview\n \u202ewith Ada "})
	n := 5
	for i := range 12 { // beyond a snapshot
		v = h.ok("aaaaaaaa", int64(i+2), v, edit(n, 0, 0, "z"))
		n++
	}
	again := room.New(h.store, nil, options(t))
	if got := h.join(again, "cccccccc", nil, 0).snapshot(t).Title; got != "Interview with Ada" {
		t.Errorf("title %q", got)
	}
}

func TestAClientIDBelongsToOnePerson(t *testing.T) {
	h := newHouse(t)
	h.ok("aaaaaaaa", 1, 2, edit(5, 0, 0, "x"))
	_, err := h.tryJoin(h.rooms, "peve", "aaaaaaaa", &wire.Join{Protocol: codecollab.Protocol, Client: "aaaaaaaa"})
	if codecollab.CodeOf(err) != "client_taken" {
		t.Errorf("joined as somebody else's client: %v", err)
	}
}

func TestJoinRefusals(t *testing.T) {
	h := newHouse(t)
	for code, m := range map[string]*wire.Join{
		"bad_protocol": {Protocol: codecollab.ProtocolOldest - 1, Client: "aaaaaaaa"},
		"old_server":   {Protocol: 99, Oldest: 98, Client: "aaaaaaaa"},
		"bad_id":       {Protocol: codecollab.Protocol, Client: "../../etc"},
	} {
		if _, err := h.tryJoin(h.rooms, "p", "x", m); codecollab.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	for i := range 5 {
		h.join(h.rooms, fmt.Sprintf("client%02d", i), nil, 0)
	}
	_, err := h.tryJoin(h.rooms, "p6", "client06", &wire.Join{Protocol: codecollab.Protocol, Client: "client06"})
	if codecollab.CodeOf(err) != "room_full" {
		t.Errorf("a sixth person: %v", err)
	}
}

func TestANewerConnectionReplacesTheOlder(t *testing.T) {
	h := newHouse(t)
	old := h.join(h.rooms, "aaaaaaaa", nil, 0)
	h.join(h.rooms, "aaaaaaaa", nil, 0)
	select {
	case <-old.conn.Ended():
	default:
		t.Error("the older connection was not told")
	}
}

func TestResumeSendsWhatIsMissing(t *testing.T) {
	h := newHouse(t)
	v := h.ok("aaaaaaaa", 1, 2, edit(5, 5, 5, "1"))
	h.ok("aaaaaaaa", 2, v, edit(6, 6, 6, "2"))
	j := h.join(h.rooms, "bbbbbbbb", &v, 0)
	joined := j.first[0].(*wire.Joined)
	if joined.Snapshot != nil || joined.Version != v+1 || joined.Role != "editor" {
		t.Errorf("joined %+v", joined)
	}
	if e, ok := j.first[1].(*wire.Event); !ok || e.Version != v+1 || len(j.first) != 3 {
		t.Errorf("then %T, %d messages", j.first[1], len(j.first))
	}
	if p, ok := j.first[2].(*wire.Presence); !ok || !p.All || len(p.People) != 1 {
		t.Errorf("last %+v", j.first[2])
	}
	future := v + 100
	if h.join(h.rooms, "cccccccc", &future, 0).first[0].(*wire.Joined).Snapshot == nil {
		t.Error("a version from the future gets no snapshot")
	}
}

// What is missing beyond CatchupEvents comes composed, but never before the client's own batch in flight.
func TestCatchup(t *testing.T) {
	h := newHouse(t)
	mine := h.ok("mmmmmmmm", 1, 2, edit(5, 0, 0, "M"))
	v, want := mine, "Mhello"
	for i := range 40 {
		v = h.ok("aaaaaaaa", int64(i+1), v, edit(len(want), len(want), len(want), "x"))
		want += "x"
	}
	created := h.ok("aaaaaaaa", 41, v, &wire.Create{File: "gggggggg", Name: "b.py", Text: "b"})
	resume := int64(2)
	j := h.join(h.rooms, "mmmmmmmm", &resume, 1)
	var v2 codecollab.Version
	for _, m := range j.first[1 : len(j.first)-2] {
		v2 = m.(*wire.Event).Version
	}
	if v2 != mine {
		t.Fatalf("one by one up to %d, want %d", v2, mine)
	}
	c, ok := j.first[len(j.first)-2].(*wire.Catchup)
	if !ok || c.From != mine || c.To != created || len(c.Edits) != 1 {
		t.Fatalf("then %+v", j.first[len(j.first)-2])
	}
	if kinds := fmt.Sprintf("%d %s %s", len(c.Events), c.Events[0].Body.Kind(), c.Events[1].Body.Kind()); kinds != "2 person create" {
		t.Errorf("other events: %s", kinds)
	}
	if c.Edits[0].Changes.Len() != len("Mhello") || c.Edits[0].Changes.NewLen() != len(want) {
		t.Errorf("composed %d → %d", c.Edits[0].Changes.Len(), c.Edits[0].Changes.NewLen())
	}
	// Without a batch in flight everything may be composed.
	if c, ok := h.join(h.rooms, "nnnnnnnn", &resume, 0).first[1].(*wire.Catchup); !ok || c.From != 2 {
		t.Errorf("not composed from the start")
	}
}

// An offline client's edit is mapped over events that are no longer in memory.
func TestAnOldBaseIsReadFromTheLog(t *testing.T) {
	h := newHouse(t)
	v, n := int64(2), 5
	for i := range 30 {
		v = h.ok("aaaaaaaa", int64(i+1), v, edit(n, n, n, "y"))
		n++
	}
	fresh := room.New(h.store, nil, options(t)) // begins from a snapshot, so most events are only in the log
	if res := h.send(fresh, "bbbbbbbb", 1, 2, edit(5, 0, 5, "bye")); res.err != nil {
		t.Fatal(res.err)
	}
	if got := h.text(fresh, file); got != "bye"+strings.Repeat("y", 30) {
		t.Errorf("text %q", got)
	}
}

func TestNamesOfFiles(t *testing.T) {
	h := newHouse(t)
	v := h.ok("aaaaaaaa", 1, 2, &wire.Create{File: "gggggggg", Name: "main.py"})
	v = h.ok("aaaaaaaa", 2, v, &wire.Create{File: "hhhhhhhh", Name: "main.py"})
	names := ""
	for _, f := range h.join(h.rooms, "bbbbbbbb", nil, 0).snapshot(t).Files {
		names += f.Name + "|"
	}
	if names != "main.py|main (2).py|main (3).py|" {
		t.Errorf("names %s", names)
	}
	if res := h.send(h.rooms, "aaaaaaaa", 3, v, &wire.Rename{File: "gggggggg", Name: "main.py"}); codecollab.CodeOf(res.err) != "name_taken" {
		t.Errorf("rename to a taken name: %v", res.err)
	}
	h.ok("aaaaaaaa", 4, v, &wire.Create{File: "iiiiiiii", Name: "d/x.py"})
	if res := h.send(h.rooms, "bbbbbbbb", 1, v+1, &wire.Create{File: "jjjjjjjj", Name: "e"}); codecollab.CodeOf(res.err) != "too_many_files" {
		t.Errorf("a fifth file: %v", res.err)
	}
}

func TestRuns(t *testing.T) {
	var asked []int64
	h := newHouse(t, func(o *room.Options) { o.OnRun = func(_ string, run int64) { asked = append(asked, run) } })
	j := h.join(h.rooms, "bbbbbbbb", nil, 0)
	run := h.ok("aaaaaaaa", 1, 2, &wire.Run{File: file, Language: "python"})
	err := h.use(h.rooms, func(r *room.Room) error {
		r.Progress(wire.RunState{Run: run, State: "running"})
		r.Output(run, "stdout", "hi\n")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	until(t, j, func(o *wire.Output) bool { return o.Run == run && o.Data == "hi\n" })
	late := h.join(h.rooms, "cccccccc", nil, 0).first[0].(*wire.Joined)
	if len(late.Live) != 1 || late.Live[0].State != "running" || late.Live[0].Output[0].Data != "hi\n" {
		t.Errorf("one who joins late sees %+v", late.Live)
	}
	v := h.ok("aaaaaaaa", 2, run, &wire.Run{File: file, Language: "python"})
	if res := h.send(h.rooms, "aaaaaaaa", 3, v, &wire.Run{File: file, Language: "python"}); codecollab.CodeOf(res.err) != "too_many_runs" {
		t.Errorf("a third run: %v", res.err)
	}
	finish := func(run int64) error {
		return h.use(h.rooms, func(r *room.Room) error {
			return r.Finish(t.Context(), wire.Finish{Run: run, Outcome: "exited"})
		})
	}
	if err := finish(run); err != nil {
		t.Fatal(err)
	}
	until(t, j, func(e *wire.Event) bool { f, ok := e.Body.Payload.(*wire.Finish); return ok && f.Run == run })
	if err := finish(run); codecollab.CodeOf(err) != "no_run" {
		t.Errorf("a second end of the same run: %v", err)
	}
	// One who stops a run without having written anything is known by name all the same.
	err = h.use(h.rooms, func(r *room.Room) error {
		return r.Finish(t.Context(), wire.Finish{Run: v, Outcome: "stopped", By: "pcccccccc"})
	})
	if err != nil {
		t.Fatal(err)
	}
	until(t, j, func(e *wire.Event) bool { p, ok := e.Body.Payload.(*wire.Person); return ok && p.Name == "cccccccc" })
	if len(asked) != 2 || asked[0] != run {
		t.Errorf("told of %v", asked)
	}
	// What the run pins is the text as it was, whatever came later.
	h.ok("bbbbbbbb", 1, v, edit(5, 0, 5, "changed"))
	state, err := h.rooms.At(t.Context(), "r", run)
	if err != nil || state.Files[0].Text.String() != "hello" {
		t.Errorf("at %d: %v", run, err)
	}
}

func TestPresence(t *testing.T) {
	h := newHouse(t)
	a, b := h.join(h.rooms, "aaaaaaaa", nil, 0), h.join(h.rooms, "bbbbbbbb", nil, 0)
	if err := a.conn.SetPresence(&wire.SetPresence{Version: 2, File: file, Anchor: 2, Head: 4}); err != nil {
		t.Fatal(err)
	}
	until(t, b, func(p *wire.Presence) bool { return has(p, "saaaaaaaa", 2, 4) })
	// An edit moves the caret without anything being sent; the next joiner sees where it is now.
	h.ok("bbbbbbbb", 1, 2, edit(5, 0, 0, "xx"))
	c := h.join(h.rooms, "cccccccc", nil, 0)
	if !has(c.first[1].(*wire.Presence), "saaaaaaaa", 4, 6) {
		t.Errorf("after an edit: %+v", c.first[1])
	}
	// A caret given at an older version is brought to the head.
	if err := a.conn.SetPresence(&wire.SetPresence{Version: 2, File: file, Anchor: 5, Head: 5}); err != nil {
		t.Fatal(err)
	}
	until(t, b, func(p *wire.Presence) bool { return has(p, "saaaaaaaa", 7, 7) })
	if err := a.conn.SetPresence(&wire.SetPresence{Version: 99}); codecollab.CodeOf(err) != "future_version" {
		t.Errorf("from the future: %v", err)
	}
	a.conn.Leave()
	until(t, b, func(p *wire.Presence) bool { return len(p.Left) == 1 && p.Left[0] == "saaaaaaaa" })
}

func has(p *wire.Presence, session string, anchor, head int) bool {
	for _, peer := range p.People {
		if peer.Session == session && peer.Anchor == anchor && peer.Head == head {
			return true
		}
	}
	return false
}

func TestCheckFindsADivergedFile(t *testing.T) {
	h := newHouse(t)
	j := h.join(h.rooms, "aaaaaaaa", nil, 0)
	state, err := h.rooms.At(t.Context(), "r", 2)
	if err != nil {
		t.Fatal(err)
	}
	right := state.Files[0].Text.Hash()
	if got, moved := j.conn.Check(&wire.Check{Version: 2, Files: map[string]uint32{file: right}}); moved || len(got) != 0 {
		t.Errorf("equal: %v %v", got, moved)
	}
	if got, _ := j.conn.Check(&wire.Check{Version: 2, Files: map[string]uint32{file: right + 1}}); len(got) != 1 || got[0] != file {
		t.Errorf("different: %v", got)
	}
	if _, moved := j.conn.Check(&wire.Check{Version: 1}); !moved {
		t.Error("another version was compared")
	}
}

// R6: one who does not read is let go when the tail has no more room, and nobody waits for him.
func TestASlowReaderFallsOut(t *testing.T) {
	h := newHouse(t, func(o *room.Options) { o.TailBytes = 2000; o.Limits.FileUnits = 1 << 20 })
	slow := h.join(h.rooms, "bbbbbbbb", nil, 0)
	v, n := int64(2), 5
	for i := range 50 {
		v = h.ok("aaaaaaaa", int64(i+1), v, edit(n, n, n, "0123456789"))
		n += 10
	}
	if _, _, ok := slow.conn.Read(1 << 20); ok {
		t.Error("the slow reader is still served from memory")
	}
	resume := int64(2)
	if again := h.join(h.rooms, "bbbbbbbb", &resume, 0); len(again.first) < 3 {
		t.Error("the slow reader could not resume")
	}
}

func TestAnIdleRoomLeavesMemoryAndComesBack(t *testing.T) {
	now := time.Now()
	var mu sync.Mutex
	h := newHouse(t, func(o *room.Options) { o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now } })
	j := h.join(h.rooms, "aaaaaaaa", nil, 0)
	h.ok("aaaaaaaa", 1, 2, edit(5, 5, 5, "!"))
	later := func() { mu.Lock(); now = now.Add(2 * time.Minute); mu.Unlock() }
	later()
	if n := h.rooms.Sweep(); n != 1 {
		t.Errorf("a room with somebody in it left memory")
	}
	j.conn.Leave()
	if n := h.rooms.Sweep(); n != 1 {
		t.Errorf("a room left memory at once")
	}
	later()
	// A room whose loop has answered the author, but not yet put its tools away, is not idle: a later sweep takes it.
	for deadline := time.Now().Add(time.Minute); h.rooms.Sweep() != 0; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("an idle room stays in memory")
		}
	}
	if snap, err := h.store.Snapshot(t.Context(), "r", 0); err != nil || snap.Version != 4 {
		t.Errorf("no last snapshot: %d %v", snap.Version, err)
	}
	if got := h.text(h.rooms, file); got != "hello!" {
		t.Errorf("text %q", got)
	}
}

func TestADamagedSnapshotIsNotNeeded(t *testing.T) {
	h := newHouse(t)
	h.ok("aaaaaaaa", 1, 2, edit(5, 5, 5, "!"))
	if err := h.store.Save(t.Context(), "r", room.Snapshot{Version: 4, Data: []byte("{")}); err != nil {
		t.Fatal(err)
	}
	if got := h.text(room.New(h.store, nil, options(t)), file); got != "hello!" {
		t.Errorf("text %q", got)
	}
}

func TestNoRoom(t *testing.T) {
	h := newHouse(t)
	for range 2 {
		err := h.rooms.Use(t.Context(), "nowhere", func(*room.Room) error { return nil })
		if codecollab.CodeOf(err) != "no_room" {
			t.Errorf("%v", err)
		}
	}
	h.create("nowhere") // not found before must not mean not found for ever
	if err := h.rooms.Use(t.Context(), "nowhere", func(*room.Room) error { return nil }); err != nil {
		t.Error(err)
	}
}

// Two servers on one log: the append that comes second is refused, mapped over what came between, and tried again.
func TestTwoNodesOnOneLog(t *testing.T) {
	h := newHouse(t)
	b := bus.NewMemory()
	nodes := []*room.Rooms{room.New(h.store, b, options(t)), room.New(h.store, b, options(t))}
	readers := []joiner{h.join(nodes[0], "qqqqqqqq", nil, 0), h.join(nodes[1], "rrrrrrrr", nil, 0)}
	var wg sync.WaitGroup
	for i, node := range nodes {
		wg.Go(func() {
			client := strings.Repeat(string(rune('a'+i)), 8)
			base := int64(2)
			for seq := int64(1); seq <= 20; seq++ {
				// Each inserts at the beginning of the text as it was when it last looked.
				state, err := h.rooms.At(t.Context(), "r", base)
				if err != nil {
					t.Error(err)
					return
				}
				res := h.send(node, client, seq, base, edit(state.Files[0].Text.Len(), 0, 0, client[:1]))
				if res.err != nil {
					t.Error(res.err)
					return
				}
				base = res.v
			}
		})
	}
	wg.Wait()
	// The bus tells the other node a moment later.
	readers[0].allEvents(t, 3, 44)
	readers[1].allEvents(t, 3, 44)
	texts := [2]string{h.text(nodes[0], file), h.text(nodes[1], file)}
	truth, err := h.rooms.At(t.Context(), "r", 44)
	if err != nil {
		t.Fatal(err)
	}
	if want := truth.Files[0].Text.String(); texts[0] != want || texts[1] != want || len(want) != 45 {
		t.Errorf("texts %q, the log says %q", texts, want)
	}
}

// Presence is told once a tick, however often it changes.
func TestPresenceIsCoalesced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newMemoryLog(t)
		rooms := room.New(l, nil, func() room.Options { o := options(t); o.PresenceTick = 50 * time.Millisecond; return o }())
		h := &house{t: t, rooms: rooms}
		h.create("r")
		a, b := h.join(rooms, "aaaaaaaa", nil, 0), h.join(rooms, "bbbbbbbb", nil, 0)
		time.Sleep(time.Second) // fake time: the joins are told
		b.next(t)
		for i := range 100 {
			if err := a.conn.SetPresence(&wire.SetPresence{Version: 2, File: file, Anchor: i % 5, Head: i % 5}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Second)
		if got := b.next(t); len(got) != 1 || !has(got[0].(*wire.Presence), "saaaaaaaa", 4, 4) {
			t.Errorf("%d messages", len(got))
		}
	})
}

func TestSnapshotsAreWhatTheFoldIs(t *testing.T) {
	h := newHouse(t)
	v, n := int64(2), 5
	for i := range 25 {
		v = h.ok("aaaaaaaa", int64(i+1), v, edit(n, n/2, n/2, "z"))
		n++
	}
	snap, err := h.store.Snapshot(t.Context(), "r", 0)
	if err != nil || snap.Version == 0 {
		t.Fatalf("no snapshot after %d events: %v", v, err)
	}
	state, err := h.rooms.At(t.Context(), "r", v)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(state.Wire())
	want, _ := json.Marshal(h.join(h.rooms, "bbbbbbbb", nil, 0).snapshot(t))
	if string(got) != string(want) {
		t.Errorf("from snapshot and log\n%s\nin memory\n%s", got, want)
	}
}
