package crowd

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/coder/websocket"

	"codecollab.dev"
	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// Verdict is what the log says about what people were told.
type Verdict struct {
	Events     int64 `json:"events"`
	Lost       int64 `json:"lost"`       // batches that were acknowledged and are not in the log as they were
	Doubled    int64 `json:"doubled"`    // batches that are there twice
	Gaps       int64 `json:"gaps"`       // versions that are left out
	Conflicts  int64 `json:"conflicts"`  // versions that somebody was told of in another form than the log's
	Diverged   int64 `json:"diverged"`   // replicas, and snapshots of nodes, whose texts are not the log's fold
	Mismatches int64 `json:"mismatches"` // own events that were not what their authors had made of them
	Runs       int64 `json:"runs"`
	Finished   int64 `json:"finished"`
	Unfinished int64 `json:"unfinished"` // runs that have no end in the log
	Unsaid     int64 `json:"unsaid"`     // runs that failed and do not say why

	Outcomes map[string]int64 `json:"outcomes"` // of runs
	Found    []string         `json:"found"`    // in words: the first ones
}

// Wrong counts everything that must not be.
func (v *Verdict) Wrong() int64 {
	return v.Lost + v.Doubled + v.Gaps + v.Conflicts + v.Diverged + v.Mismatches + v.Unfinished + v.Unsaid
}

const mostFound = 40

func (v *Verdict) find(count *int64, format string, args ...any) {
	*count++
	if len(v.Found) < mostFound {
		v.Found = append(v.Found, fmt.Sprintf(format, args...))
	}
}

// Judge reads all logs, one room after the other from each of the nodes in turn, and compares. Everybody must be at rest.
func (c *Crowd) Judge(ctx context.Context, nodes []string) (*Verdict, error) {
	v := &Verdict{Outcomes: map[string]int64{}}
	for i, r := range c.rooms {
		log, err := readLog(ctx, nodes[i%len(nodes)], r.address, r.owner)
		if err != nil {
			return v, fmt.Errorf("reading the log of room %s: %w", r.ID(), err)
		}
		state := r.fold(log, v)
		r.judgeLog(log, v)
		if err := r.judgeReplicas(ctx, state, v); err != nil {
			return v, err
		}
		for _, node := range nodes {
			if err := r.judgeNode(ctx, node, state, v); err != nil {
				return v, err
			}
		}
	}
	v.Mismatches = c.Counts().Mismatches
	return v, nil
}

// UnfinishedRuns counts the runs without an end, as somebody in each room knows them from the server's own list.
func (c *Crowd) UnfinishedRuns(ctx context.Context, node string) (n int, err error) {
	for _, r := range c.rooms {
		log, err := readLog(ctx, node, r.address, r.owner)
		if err != nil {
			return 0, err
		}
		open := map[codecollab.Version]bool{}
		for _, ev := range log {
			switch b := ev.Body.Payload.(type) {
			case *wire.Run:
				open[ev.Version] = true
			case *wire.Finish:
				delete(open, b.Run)
			}
		}
		n += len(open)
	}
	return n, nil
}

// folded is what a log comes to.
type folded struct {
	version codecollab.Version
	texts   map[string]text.Text
}

// fold applies all events, and finds versions that are left out.
func (r *Room) fold(log []*wire.Event, v *Verdict) folded {
	f := folded{texts: map[string]text.Text{}}
	for _, ev := range log {
		v.Events++
		if ev.Version != f.version+1 {
			v.find(&v.Gaps, "room %s: version %d follows %d", r.ID(), ev.Version, f.version)
		}
		f.version = ev.Version
		switch b := ev.Body.Payload.(type) {
		case *wire.Create:
			f.texts[b.File] = text.Of(b.Text)
		case *wire.Delete:
			delete(f.texts, b.File)
		case *wire.Edit:
			for _, e := range b.Edits {
				after, err := e.Changes.Apply(f.texts[e.File])
				if err != nil {
					v.find(&v.Diverged, "room %s: version %d cannot be applied: %v", r.ID(), ev.Version, err)
					continue
				}
				f.texts[e.File] = after
			}
		}
	}
	return f
}

// judgeLog compares the log with what people were told.
func (r *Room) judgeLog(log []*wire.Event, v *Verdict) {
	batches := map[batch]ack{}
	open := map[codecollab.Version]bool{}
	r.mu.Lock()
	for _, text := range r.odd {
		v.find(&v.Conflicts, "room %s: %s", r.ID(), text)
	}
	for _, ev := range log {
		sum := fingerprint(ev)
		if seen, ok := r.seen[ev.Version]; ok && seen != sum {
			v.find(&v.Conflicts, "room %s: version %d is not what people were told", r.ID(), ev.Version)
		}
		if ev.Seq > 0 {
			b := batch{ev.Client, ev.Seq}
			if first, ok := batches[b]; ok {
				v.find(&v.Doubled, "room %s: batch %d of %s is at %d and %d", r.ID(), ev.Seq, ev.Client, first.version, ev.Version)
			}
			batches[b] = ack{ev.Version, sum}
		}
		switch b := ev.Body.Payload.(type) {
		case *wire.Run:
			v.Runs++
			open[ev.Version] = true
		case *wire.Finish:
			v.finished(r, open, b)
		}
	}
	head := codecollab.Version(len(log))
	for version := range r.seen {
		if version > head {
			v.find(&v.Lost, "room %s: people were told of version %d, and the log ends at %d", r.ID(), version, head)
		}
	}
	r.mu.Unlock()
	for version := range open {
		v.find(&v.Unfinished, "room %s: the run %d has no end", r.ID(), version)
	}
	for _, p := range r.people {
		p.mu.Lock()
		for seq, told := range p.acked {
			if batches[batch{p.id, seq}] != told {
				v.find(&v.Lost, "room %s: batch %d of %s was acknowledged at %d and is not there as it was", r.ID(), seq, p.id, told.version)
			}
		}
		p.mu.Unlock()
	}
}

func (v *Verdict) finished(r *Room, open map[codecollab.Version]bool, b *wire.Finish) {
	v.Finished++
	v.Outcomes[b.Outcome]++
	if !open[b.Run] {
		v.find(&v.Doubled, "room %s: the run %d ends twice", r.ID(), b.Run)
	}
	delete(open, b.Run)
	if b.Outcome == "failed" && b.Message == "" {
		v.find(&v.Unsaid, "room %s: the run %d failed and does not say why", r.ID(), b.Run)
	}
}

// judgeReplicas compares everybody's texts with the fold.
func (r *Room) judgeReplicas(ctx context.Context, want folded, v *Verdict) error {
	for _, p := range r.people {
		reached := func(s *syncclient.State) bool { return s.Version() >= want.version && s.Ready() }
		if err := p.client.Wait(ctx, reached); err != nil {
			return fmt.Errorf("person %d in room %s does not get to version %d: %w", p.number, r.ID(), want.version, err)
		}
		p.client.With(func(s *syncclient.State) {
			texts := map[string]string{}
			for _, d := range s.Files() {
				texts[d.ID] = d.Text().String()
			}
			if s.Version() != want.version || !want.same(texts) {
				v.find(&v.Diverged, "room %s: the text of person %d at version %d is not the log's at %d", r.ID(), p.number, s.Version(), want.version)
			}
		})
	}
	return nil
}

// judgeNode compares what a newcomer gets of one node with the fold.
func (r *Room) judgeNode(ctx context.Context, node string, want folded, v *Verdict) error {
	state, err := snapshot(ctx, node, r.address, r.owner)
	if err != nil {
		return fmt.Errorf("joining room %s at %s: %w", r.ID(), node, err)
	}
	texts := map[string]string{}
	for _, f := range state.Files {
		texts[f.ID] = f.Text
	}
	if state.Version != want.version || !want.same(texts) {
		v.find(&v.Diverged, "room %s: what %s tells a newcomer at version %d is not the log's at %d", r.ID(), node, state.Version, want.version)
	}
	return nil
}

func (f folded) same(texts map[string]string) bool {
	return maps.EqualFunc(f.texts, texts, func(a text.Text, b string) bool { return a.String() == b })
}

// witness is a connection that only listens.
type witness struct {
	conn *websocket.Conn
	rest []wire.Message // what came with Joined
}

func join(ctx context.Context, node, address, token, id string, resume *codecollab.Version) (*witness, *wire.Joined, error) {
	room, key := syncclient.Address(address)
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(node, "http")+"/api/v1/rooms/"+room+"/socket", &websocket.DialOptions{
		HTTPHeader: http.Header{"Authorization": {"Bearer " + token}},
	})
	if err != nil {
		return nil, nil, err
	}
	conn.SetReadLimit(-1)
	w := &witness{conn: conn}
	line, err := wire.Marshal(&wire.Join{Protocol: codecollab.Protocol, Client: id, Name: "witness", Key: key, Resume: resume})
	if err == nil {
		err = conn.Write(ctx, websocket.MessageText, line)
	}
	for err == nil {
		var messages []wire.Message
		if messages, err = w.read(ctx); err != nil {
			break
		}
		for i, m := range messages {
			if j, ok := m.(*wire.Joined); ok {
				w.rest = messages[i+1:]
				return w, j, nil
			}
			if e, ok := m.(*wire.Error); ok {
				err = errors.New(e.Message)
			}
		}
	}
	_ = conn.CloseNow()
	return nil, nil, err
}

func (w *witness) read(ctx context.Context) (messages []wire.Message, err error) {
	if len(w.rest) > 0 {
		messages, w.rest = w.rest, nil
		return messages, nil
	}
	_, data, err := w.conn.Read(ctx)
	if err != nil {
		return nil, err
	}
	for _, line := range wire.SplitFrame(data) {
		m, err := wire.ParseServer(line)
		if err == nil {
			messages = append(messages, m)
		}
	}
	return messages, nil
}

func snapshot(ctx context.Context, node, address, token string) (*wire.State, error) {
	w, joined, err := join(ctx, node, address, token, "witness0", nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = w.conn.CloseNow() }()
	if joined.Snapshot == nil {
		return nil, errors.New("a newcomer gets no snapshot")
	}
	return joined.Snapshot, nil
}

// readLog is the whole log, as one gets it who has seen nothing of it: event by event from the first one. The nodes must have a
// setting for that (--catchup-events).
func readLog(ctx context.Context, node, address, token string) (log []*wire.Event, err error) {
	from := codecollab.Version(0)
	w, joined, err := join(ctx, node, address, token, "witness1", &from)
	if err != nil {
		return nil, err
	}
	defer func() { _ = w.conn.CloseNow() }()
	for codecollab.Version(len(log)) < joined.Version {
		messages, err := w.read(ctx)
		if err != nil {
			return nil, fmt.Errorf("after %d of %d events: %w", len(log), joined.Version, err)
		}
		for _, m := range messages {
			switch m := m.(type) {
			case *wire.Event:
				log = append(log, m)
			case *wire.Catchup:
				return nil, errors.New("the events come composed: the nodes need a greater --catchup-events")
			}
		}
	}
	return log, nil
}

// Texts adds up the length of all texts, as the first in each room has them.
func (c *Crowd) Texts() (units int) {
	for _, r := range c.rooms {
		r.people[0].client.With(func(s *syncclient.State) {
			for _, d := range s.Files() {
				units += d.Text().Len()
			}
		})
	}
	return units
}
