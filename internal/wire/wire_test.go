package wire_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/wire"
)

// fill puts something into every field below v, so that nothing is left out by omitempty.
func fill(v reflect.Value, r *rand.Rand) {
	switch v.Type() {
	case reflect.TypeFor[ot.ChangeSet]():
		v.Set(reflect.ValueOf(ot.Replace(9, 2, 3, "<é&😀>")))
		return
	case reflect.TypeFor[wire.Body]():
		_, _, bodies := wire.Vocabulary()
		b := bodies[r.IntN(len(bodies))]
		fill(reflect.ValueOf(b).Elem(), r)
		v.Set(reflect.ValueOf(wire.Body{Payload: b}))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), r)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), r)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), r)
		fill(v.Index(1), r)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("k"), reflect.ValueOf(uint32(7)))
	case reflect.String:
		v.SetString("a <b> & \"c\"\n\u2028")
	case reflect.Bool:
		v.SetBool(true)
	default:
		v.Set(reflect.ValueOf(1 + r.IntN(1000)).Convert(v.Type()))
	}
}

// Cites W1, W2, W6 and W7.
func TestMessagesComeBackAsTheyWere(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	client, server, bodies := wire.Vocabulary()
	for side, messages := range map[string][]wire.Message{"client": client, "server": server} {
		for _, m := range messages {
			for range 3 * len(bodies) {
				fill(reflect.ValueOf(m).Elem(), r)
				data, err := wire.Marshal(m)
				if err != nil {
					t.Fatal(err)
				}
				if !strings.HasPrefix(string(data), fmt.Sprintf(`{"t":%q`, m.Type())) || strings.ContainsAny(string(data), "\n") {
					t.Fatalf("W1, W7: %s", data)
				}
				if strings.Contains(string(data), `\u003c`) {
					t.Fatalf("W6: %s", data)
				}
				parse := wire.ParseClient
				if side == "server" {
					parse = wire.ParseServer
				}
				back, err := parse(data)
				if err != nil || !reflect.DeepEqual(back, m) {
					t.Fatalf("W2: %s\ncame back as %+v (%v)", data, back, err)
				}
			}
		}
	}
}

// Cites W3 and W4.
func TestWhatCannotBeRead(t *testing.T) {
	for data, code := range map[string]string{
		``:                                     "bad_message",
		`[]`:                                   "bad_message",
		`{"t":1}`:                              "bad_message",
		`{"t":"none"}`:                         "bad_message",
		`{"t":"batch","seq":"x"}`:              "bad_message",
		`{"t":"batch","seq":1,"body":[]}`:      "bad_message",
		`{"t":"batch","body":{"kind":"none"}}`: "bad_message",
		`{"t":"batch","body":{"kind":"create","file":7}}`:                                      "bad_message",
		`{"t":"batch","body":{"kind":"edit","edits":[{"file":"a","changes":[1,-1]}]}}`:         "bad_edit",
		`{"t":"batch","body":{"kind":"edit","edits":[{"file":"a","changes":{}}]}}`:             "bad_edit",
		`{"t":"batch","body":{"kind":"edit","edits":[{"file":"a","changes":[[0,"\ud800"]]}]}}`: "bad_edit",
	} {
		if _, err := wire.ParseClient([]byte(data)); codecollab.CodeOf(err) != code || err == nil {
			t.Errorf("%s: %v, want %s", data, err, code)
		}
	}
	if m, err := wire.ParseClient([]byte(`{"t":"ping","later":{"a":1}}`)); err != nil || m.Type() != "ping" {
		t.Errorf("an unknown field: %v", err)
	}
}

// Cites W7.
func TestFrames(t *testing.T) {
	frame := wire.JoinFrame([][]byte{[]byte(`{"t":"ping"}`), []byte(`{"t":"pong"}`)})
	if got := wire.SplitFrame(append(frame, "\n \n"...)); len(got) != 2 || string(got[1]) != `{"t":"pong"}` {
		t.Errorf("%q", got)
	}
}

func FuzzParseClient(f *testing.F) {
	f.Add([]byte(`{"t":"batch","seq":1,"base":2,"body":{"kind":"edit","edits":[{"file":"a","changes":[1,[0,"x"]]}]}}`))
	f.Add([]byte(`{"t":"join","protocol":1,"client":"aaaaaaaa","name":"x","resume":3}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := wire.ParseClient(data)
		wire.SeqOf(data)
		if err != nil {
			return
		}
		again, err := wire.Marshal(m)
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		if _, err := wire.ParseClient(again); err != nil && !strings.Contains(string(again), `"body":null`) {
			t.Fatalf("%s: %v", again, err)
		}
	})
}

// Cites W5.
func TestTheTypeScriptTypesAreFresh(t *testing.T) {
	want, err := exec.Command("go", "run", "./gen", "-out", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("../../web/client/src/wire.gen.ts")
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != string(want) {
		t.Error("web/client/src/wire.gen.ts is not what package wire says: run `make generate`")
	}
}

// Cites W8.
func TestTheProtocolPageIsComplete(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	client, server, bodies := wire.Vocabulary()
	var names []string
	for _, m := range append(client, server...) {
		names = append(names, m.Type())
	}
	for _, b := range bodies {
		names = append(names, b.Kind())
	}
	for _, n := range names {
		if !strings.Contains(string(page), "`"+n+"`") {
			t.Errorf("docs/protocol.md does not mention `%s`", n)
		}
	}
	seen := map[string]bool{}
	_, errors, _ := strings.Cut(string(page), "## Errors")
	for _, row := range regexp.MustCompile("(?m)^\\| (`[a-z_`, ]+`) \\|").FindAllStringSubmatch(errors, -1) {
		for _, code := range strings.Split(row[1], ", ") {
			code = strings.Trim(code, "`")
			if seen[code] {
				t.Errorf("docs/protocol.md lists the code %s twice", code)
			}
			seen[code] = true
		}
	}
	for _, code := range codesIn(t, "../rights", "../room", "../server", "../store", "../ot", ".") {
		if !seen[code] && !internalCodes[code] {
			t.Errorf("docs/protocol.md does not list the code %s", code)
		}
	}
}

// internalCodes never reach a client of a room.
var internalCodes = map[string]bool{"moved_on": true, "room_exists": true}

// codesIn finds the codes of errors that packages make.
func codesIn(t *testing.T, folders ...string) (codes []string) {
	t.Helper()
	pattern := regexp.MustCompile(`codecollab\.(?:Invalid|Forbidden|NotFound|Conflict|Limit|Unavailable), "([a-z_]+)"`)
	for _, dir := range folders {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
				continue
			}
			text, err := os.ReadFile(dir + "/" + f.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range pattern.FindAllSubmatch(text, -1) {
				codes = append(codes, string(m[1]))
			}
		}
	}
	return codes
}

func TestEveryRuleHasATest(t *testing.T) {
	spec, err := os.ReadFile("SPEC.md")
	if err != nil {
		t.Fatal(err)
	}
	tests, err := os.ReadFile("wire_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\*\*(W\d+)\*\*`).FindAllSubmatch(spec, -1) {
		if !regexp.MustCompile(`(?m)^// Cites .*\b` + string(m[1]) + `\b`).Match(tests) {
			t.Errorf("no test cites %s", m[1])
		}
	}
}

// An event is stored as it is sent, so what is stored today must be read for ever.
func TestStoredEventsOfProtocolOneCanBeRead(t *testing.T) {
	var e wire.Event
	data := `{"t":"event","version":4,"at":1795520925646,"by":"pa","client":"aaaaaaaa","seq":1,"body":{"kind":"edit","edits":[{"file":"ffffffff","changes":[5,[0,"a","b"]]}]}}`
	if err := json.Unmarshal([]byte(data), &e); err != nil {
		t.Fatal(err)
	}
	again, err := wire.Marshal(&e)
	if err != nil || string(again) != data {
		t.Errorf("%s\n%s %v", data, again, err)
	}
}

// Cites W9 and W10.
func TestVoice(t *testing.T) {
	client, server, bodies := wire.Vocabulary()
	for _, m := range append(client, server...) {
		if voice := strings.HasPrefix(reflect.TypeOf(m).Elem().Name(), "Voice"); voice != strings.HasPrefix(m.Type(), "voice_") {
			t.Errorf("W9: the type of %T is %s", m, m.Type())
		}
	}
	for _, b := range bodies {
		if strings.HasPrefix(b.Kind(), "voice") {
			t.Errorf("W9: %s is an event", b.Kind())
		}
	}
	for _, m := range []wire.Message{&wire.VoicePeople{}, &wire.VoiceSlots{}, &wire.VoiceLevels{}} {
		if back, err := wire.ParseServer([]byte(`{"t":"` + m.Type() + `"}`)); err != nil || !reflect.DeepEqual(back, m) {
			t.Errorf("W10: %s: %v %v", m.Type(), back, err)
		}
	}
}

// Cites W11: pages and servers of neighbouring versions agree, whichever is the newer; others are told who has to change.
func TestAgree(t *testing.T) {
	for _, c := range []struct {
		client, oldest int
		server         wire.Versions
		want           int
		code           string
	}{
		{client: 1, server: wire.Versions{Oldest: 1, Newest: 1}, want: 1},
		{client: 2, oldest: 1, server: wire.Versions{Oldest: 1, Newest: 1}, want: 1}, // a newer page on a node that is not upgraded
		{client: 1, server: wire.Versions{Oldest: 1, Newest: 2}, want: 1},            // an older page on one that is
		{client: 2, oldest: 1, server: wire.Versions{Oldest: 1, Newest: 2}, want: 2},
		{client: 2, oldest: 1, server: wire.Versions{Oldest: 2, Newest: 3}, want: 2},
		{client: 1, server: wire.Versions{Oldest: 2, Newest: 3}, code: "bad_protocol"},
		{client: 0, server: wire.Versions{Oldest: 1, Newest: 1}, code: "bad_protocol"},
		{client: 3, oldest: 2, server: wire.Versions{Oldest: 1, Newest: 1}, code: "old_server"},
		{client: 2, server: wire.Versions{Oldest: 1, Newest: 1}, code: "old_server"},
	} {
		got, err := c.server.Agree(&wire.Join{Protocol: c.client, Oldest: c.oldest})
		if got != c.want || (err == nil) != (c.code == "") || err != nil && codecollab.CodeOf(err) != c.code {
			t.Errorf("%+v: %d, %v", c, got, err)
		}
	}
	if s := wire.Spoken(); s.Newest-s.Oldest > 1 || s.Oldest > s.Newest || s.Oldest < 1 {
		t.Errorf("%+v: the newest version and the one before are spoken, and no others", s)
	}
}
