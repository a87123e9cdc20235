package syncbench

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"codecollab.dev/bench/syncclient"
)

// Result is what `codecollab bench sync --json` prints. Its keys are stable. Times are in ms unless a name says
// otherwise; memory is in MB of 10⁶ bytes.
type Result struct {
	P50        float64 `json:"p50"` // from typed to applied, over all pairs of an edit and somebody else in the room
	P95        float64 `json:"p95"`
	P99        float64 `json:"p99"`
	Max        float64 `json:"max"`
	P99Last    float64 `json:"p99_last"`    // from typed to applied by the last one in the room, over all edits
	ArrivedP50 float64 `json:"arrived_p50"` // from typed until the other's machine had it, which is before a program on it gets a processor
	ArrivedP99 float64 `json:"arrived_p99"`
	AckP50     float64 `json:"ack_p50"` // from typed to confirmed to the author
	AckP99     float64 `json:"ack_p99"`

	Typed        int64 `json:"typed"`        // edits made
	Acknowledged int64 `json:"acknowledged"` // edits confirmed to their authors
	Tokens       int64 `json:"tokens"`       // acknowledged ones among them that must be in the final text
	Lost         int64 `json:"lost"`         // tokens acknowledged and not in the final text
	Doubled      int64 `json:"doubled"`      // tokens there more often than once
	Diverged     int64 `json:"diverged"`     // clients whose text or version differs from the server's in the end
	Gaps         int64 `json:"gaps"`         // versions left out or sent twice, as seen by the clients
	Mismatches   int64 `json:"mismatches"`   // own events that were not what their authors had made of them
	Resyncs      int64 `json:"resyncs"`      // clients that had to start from a snapshot again
	Reconnects   int64 `json:"reconnects"`
	Catchups     int64 `json:"catchups"` // missed events that came composed
	Kills        int   `json:"kills"`

	Refused map[string]int `json:"refused"` // batches, by code

	Rooms          int     `json:"rooms"`
	Users          int     `json:"users"`    // in each room
	Replicas       int     `json:"replicas"` // clients that keep a text of their own; the others share the room's
	Rate           float64 `json:"rate"`     // edits a second asked of each
	Seconds        float64 `json:"seconds"`  // as measured
	Seed           uint64  `json:"seed"`
	EditsPerSecond float64 `json:"edits_per_second"`   // typed, all together
	EventsIn       int64   `json:"events_in"`          // events received, all clients together
	BytesPerEdit   float64 `json:"bytes_per_edit"`     // bytes received for each event received, everything included
	Settle         float64 `json:"settle_seconds"`     // from the last edit until everything was confirmed
	ClientCPU      float64 `json:"client_cpu_seconds"` // user and system, of the measuring process during the load

	Server Server `json:"server"`
	Idle   Idle   `json:"idle"`
}

// Server is what the server used; null where it was not started by the measurement.
type Server struct {
	CPU     *float64 `json:"cpu_seconds"` // user and system, during the load, all lives of the server together
	RSS     *float64 `json:"rss_mb"`      // at the end of the load
	Peak    *float64 `json:"rss_peak_mb"` // the highest of its last life
	RSSIdle *float64 `json:"rss_mb_idle"` // with the idle connections, before the load
}

// Idle is about the connections that do nothing.
type Idle struct {
	Connections int     `json:"connections"`
	KBEach      float64 `json:"kb_each"` // what each added to the server's memory, 10³ bytes
	Lost        int64   `json:"lost"`    // closed by the server before the end; killing it does that
}

func (b *bench) newResult() *Result {
	return &Result{Rooms: b.rooms, Users: b.users, Replicas: b.rooms * b.replicas, Rate: b.rate, Seed: b.seed, Refused: map[string]int{}}
}

// mark is a moment before or after the load.
type mark struct {
	at            time.Time
	received      int64
	typed, events int64
	usage         usage
	own           usage
	hasServer     bool
}

func (b *bench) mark() mark {
	m := mark{at: time.Now(), received: b.received.Load(), own: usageOf(os.Getpid())}
	for _, t := range b.typists() {
		t.client.With(func(s *syncclient.State) {
			m.typed += t.typed
			m.events += s.Stats().Events
		})
	}
	if b.server != nil {
		m.usage, m.hasServer = b.server.usage(), true
	}
	return m
}

// measured fills in what the time between two marks tells.
func (r *Result) measured(before, after mark) {
	r.Seconds = after.at.Sub(before.at).Seconds()
	r.Typed = after.typed - before.typed
	r.EditsPerSecond = float64(r.Typed) / r.Seconds
	r.EventsIn = after.events - before.events
	if r.EventsIn > 0 {
		r.BytesPerEdit = float64(after.received-before.received) / float64(r.EventsIn)
	}
	r.ClientCPU = (after.own.cpu - before.own.cpu).Seconds()
	if after.hasServer {
		cpu := (after.usage.cpu - before.usage.cpu).Seconds()
		r.Server.CPU, r.Server.RSS, r.Server.Peak = &cpu, &after.usage.rss, &after.usage.peak
	}
}

// count adds up what the clients have counted for themselves.
func (b *bench) count(r *Result) {
	var arrived, age, last, ack histogram
	for _, t := range b.typists() {
		t.client.With(func(s *syncclient.State) {
			st := s.Stats()
			r.Gaps += st.Gaps + st.Doubles
			r.Mismatches += st.Mismatches + st.Strays
			r.Resyncs += st.Resyncs
			r.Catchups += st.Catchups
			r.Acknowledged += t.ackEdits
			age.add(&t.age.applied)
			arrived.add(&t.age.arrived)
			ack.add(&t.ack)
		})
		r.Reconnects += t.client.Joins() - 1
		t.author.mu.Lock()
		last.add(&t.author.last)
		t.author.mu.Unlock()
	}
	for _, l := range b.loads {
		for code, n := range l.refusals {
			r.Refused[code] += n
		}
	}
	r.P50, r.P95, r.P99, r.Max = ms(age.quantile(.5)), ms(age.quantile(.95)), ms(age.quantile(.99)), ms(age.most)
	r.P99Last, r.AckP50, r.AckP99 = ms(last.quantile(.99)), ms(ack.quantile(.5)), ms(ack.quantile(.99))
	r.ArrivedP50, r.ArrivedP99 = ms(arrived.quantile(.5)), ms(arrived.quantile(.99))
	if b.server != nil {
		r.Kills = b.server.kills
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (r *Result) add(f findings) {
	r.Tokens += f.tokens
	r.Lost += f.lost
	r.Doubled += f.doubled
	r.Diverged += f.diverged
}

// verdict says what is not as it must be.
func (r *Result) verdict() error {
	var wrong []string
	for _, w := range []struct {
		n    int64
		what string
	}{
		{r.Lost, "acknowledged tokens lost"}, {r.Doubled, "tokens doubled"}, {r.Diverged, "clients diverged"},
		{r.Gaps, "gaps or doubles in the versions"}, {r.Mismatches, "own events not as expected"},
	} {
		if w.n > 0 {
			wrong = append(wrong, fmt.Sprintf("%d %s", w.n, w.what))
		}
	}
	if wrong == nil {
		return nil
	}
	return errors.New(strings.Join(wrong, ", ") + fmt.Sprintf(" (seed %d)", r.Seed))
}

func (r *Result) write(w io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { _, _ = fmt.Fprintf(t, name+"\t"+format+"\n", args...) }
	if r.Users > 0 && r.Rooms > 0 {
		r.loadRows(row)
	}
	if r.Server.CPU != nil {
		row("server", "%.2f s of CPU, %.0f MB at the end (%.0f at the most)", *r.Server.CPU, *r.Server.RSS, *r.Server.Peak)
	}
	if r.Idle.Connections > 0 {
		row("idle", "%d connections, %.1f kB each, %d lost", r.Idle.Connections, r.Idle.KBEach, r.Idle.Lost)
	}
	if r.Server.RSSIdle != nil {
		row("server, idle", "%.0f MB", *r.Server.RSSIdle)
	}
	return t.Flush()
}

func (r *Result) loadRows(row func(name, format string, args ...any)) {
	row("load", "%d rooms × %d people × %g edits/s for %.1f s: %.1f edits/s in all, seed %d",
		r.Rooms, r.Users, r.Rate, r.Seconds, r.EditsPerSecond, r.Seed)
	row("seen by others", "p50 %.1f ms, p95 %.1f, p99 %.1f, max %.1f; by the last of them p99 %.1f", r.P50, r.P95, r.P99, r.Max, r.P99Last)
	row("arrived", "p50 %.1f ms, p99 %.1f: without the wait of these clients for a processor", r.ArrivedP50, r.ArrivedP99)
	row("confirmed", "p50 %.1f ms, p99 %.1f", r.AckP50, r.AckP99)
	row("edits", "%d typed, %d acknowledged, everything confirmed %.2f s after the last", r.Typed, r.Acknowledged, r.Settle)
	row("kept", "%d tokens: %d lost, %d doubled", r.Tokens, r.Lost, r.Doubled)
	row("alike", "%d clients with %d replicas: %d diverged; %d gaps, %d mismatches, %d resyncs", r.Rooms*r.Users, r.Replicas, r.Diverged, r.Gaps, r.Mismatches, r.Resyncs)
	row("network", "%.0f bytes for each event, %d reconnects, %d catchups, %d kills", r.BytesPerEdit, r.Reconnects, r.Catchups, r.Kills)
	row("clients", "%.2f s of CPU for all of them", r.ClientCPU)
	if asked := float64(r.Rooms*r.Users) * r.Rate; r.EditsPerSecond < 0.9*asked {
		row("mind", "%.0f edits/s were asked for: the clients could not keep up, so the times say more of them than of the server", asked)
	}
	for _, code := range slices.Sorted(maps.Keys(r.Refused)) {
		row("refused", "%d × %s", r.Refused[code], code)
	}
}
