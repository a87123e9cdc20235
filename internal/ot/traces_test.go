package ot

import (
	"compress/gzip"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"codecollab.dev/internal/text"
)

var traces = flag.String("traces", "", "a folder of editing traces (*.json.gz of josephg/editing-traces) to replay; none: skip")

// trace is the recorded history of one document, as the messages that would have come in.
type trace struct {
	name       string
	start, end string
	edits      []span // in data
	data       []byte
}

// span lets a hundred thousand messages lie in one piece of memory, as the buffer of a socket would.
type span struct{ from, to int }

func (tr *trace) edit(i int) []byte { return tr.data[tr.edits[i].from:tr.edits[i].to] }

func readTraces(tb testing.TB) []*trace {
	tb.Helper()
	if *traces == "" {
		tb.Skip("no -traces folder given")
	}
	var list []*trace
	for _, name := range must(filepath.Glob(filepath.Join(*traces, "*.json.gz"))) {
		if tr := readTrace(tb, name); tr != nil {
			list = append(list, tr)
		}
	}
	if len(list) == 0 {
		tb.Fatal("the -traces folder has no *.json.gz")
	}
	return list
}

type patch struct {
	at, deleted int
	inserted    string
}

func (p *patch) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&p.at, &p.deleted, &p.inserted})
}

// readTrace prepares one trace, or returns nil when its history is not one line: such a history has to be merged, and
// how is up to the algorithm.
func readTrace(tb testing.TB, name string) *trace {
	tb.Helper()
	file := must(os.Open(name))
	defer file.Close()
	var in struct {
		Kind                     string
		StartContent, EndContent string
		Txns                     []struct{ Patches []patch }
	}
	if err := json.NewDecoder(must(gzip.NewReader(file))).Decode(&in); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	if in.Kind == "concurrent" {
		return nil
	}
	tr := &trace{name: strings.TrimSuffix(filepath.Base(name), ".json.gz"), start: in.StartContent, end: in.EndContent}
	doc := newPoints(in.StartContent)
	for _, txn := range in.Txns {
		for _, p := range txn.Patches {
			length := doc.units()
			from, to := doc.replace(p)
			start := len(tr.data)
			tr.data = Replace(length, from, to, p.inserted).AppendJSON(tr.data)
			tr.edits = append(tr.edits, span{start, len(tr.data)})
		}
	}
	return tr
}

// points converts positions from code points, which the traces count, to UTF-16 units. A document that has never had
// an astral character needs its length only.
type points struct {
	runes  []rune // once there is one
	doc    text.Text
	astral bool
}

func newPoints(s string) *points {
	p := &points{doc: text.Of(s)}
	p.note(s)
	return p
}

func (p *points) note(s string) {
	if !p.astral && strings.ContainsFunc(s, func(r rune) bool { return r > 0xFFFF }) {
		p.astral = true
		p.runes = []rune(p.doc.String())
	}
}

func (p *points) units() int { return p.doc.Len() }

func (p *points) replace(e patch) (from, to int) {
	p.note(e.inserted)
	from, to = e.at, e.at+e.deleted
	if p.astral {
		tail := append([]rune(e.inserted), p.runes[to:]...)
		from, to = len(utf16.Encode(p.runes[:from])), len(utf16.Encode(p.runes[:to]))
		p.runes = append(p.runes[:e.at], tail...)
	}
	p.doc = p.doc.Replace(from, to, e.inserted)
	return from, to
}

// Every trace, through Parse, Apply and the checks of both, ends with the text that its author had.
//
// OT4
func TestTracesEndAsTheirAuthorsDid(t *testing.T) {
	for _, tr := range readTraces(t) {
		doc := text.Of(tr.start)
		for i := range tr.edits {
			doc = must(must(Parse(tr.edit(i))).Apply(doc))
		}
		if doc.String() != tr.end {
			t.Errorf("%s: the final text is not endContent", tr.name)
		}
		all := make([]ChangeSet, len(tr.edits))
		for i := range tr.edits {
			all[i] = parse(string(tr.edit(i)))
		}
		if got := must(must(ComposeAll(all)).Apply(text.Of(tr.start))); got.String() != tr.end {
			t.Errorf("%s: composed, the final text is not endContent", tr.name)
		}
	}
}

// BenchmarkTrace replays a whole trace in each iteration: Parse, check and Apply of each edit.
func BenchmarkTrace(b *testing.B) {
	for _, tr := range readTraces(b) {
		b.Run(tr.name, func(b *testing.B) {
			b.ReportAllocs()
			var doc text.Text
			for b.Loop() {
				doc = text.Of(tr.start)
				for i := range tr.edits {
					c, err := Parse(tr.edit(i))
					if err != nil {
						b.Fatal(err)
					}
					if doc, err = c.Apply(doc); err != nil {
						b.Fatal(err)
					}
				}
			}
			if doc.String() != tr.end {
				b.Fatal("the final text is not endContent")
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(tr.edits)), "ns/edit")
		})
	}
}
