// Package voicebench is `codecollab bench voice`: people who talk in one room of a real server, all at once. It measures how late their
// voices are, what is lost, what the server needs for it, and how much later edits come in other rooms meanwhile.
package voicebench

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"sync"
	"time"

	"codecollab.dev/bench/ownserver"
	"codecollab.dev/bench/syncbench"
	"codecollab.dev/bench/syncclient"
	"codecollab.dev/bench/voiceclient"
)

// Result is what was measured. Times are in ms.
type Result struct {
	Speakers talk    `json:"speakers"` // a few people, who all hear each other
	Crowd    talk    `json:"crowd"`    // many, all talking, of whom each hears the loudest
	EditOff  float64 `json:"edit_p99_without"`
	EditOn   float64 `json:"edit_p99_with"` // while the crowd talks
	Ratio    float64 `json:"edit_p99_ratio"`
	Seconds  float64 `json:"seconds"`
}

// talk is what one number of people was like.
type talk struct {
	People   int     `json:"people"`
	P50      float64 `json:"p50"` // from one program's microphone to the other's ear: the server, the system's loopback, and this program
	P95      float64 `json:"p95"`
	P99      float64 `json:"p99"`
	Max      float64 `json:"max"`
	Sent     int64   `json:"sent"`
	Received int64   `json:"received"`
	Lost     int64   `json:"lost"` // numbers that were jumped over
	Cores    float64 `json:"server_cores"`
	Own      float64 `json:"generator_cores"`
}

type options struct {
	url                     string
	people, speakers, edits int
	seconds                 float64
	json                    bool
}

// Main runs the command with its arguments (those after "bench voice"). self is the program that serves, unless --url names a server
// that runs.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer, self string) error {
	f := flag.NewFlagSet("bench voice", flag.ContinueOnError)
	f.SetOutput(stderr)
	var o options
	f.StringVar(&o.url, "url", "", "a server that runs; without it one is started")
	f.IntVar(&o.people, "people", 50, "people who all talk in one room")
	f.IntVar(&o.speakers, "speakers", 10, "people who talk when lateness is measured; 0: that is left out")
	f.IntVar(&o.edits, "edits", 5, "rooms in which four people type meanwhile; 0: nobody does")
	f.Float64Var(&o.seconds, "seconds", 10, "how long each part takes")
	f.BoolVar(&o.json, "json", false, "print JSON")
	if err := f.Parse(args); err != nil {
		return err
	}
	b := &bench{options: o, self: self, progress: stderr}
	if o.url == "" {
		s, err := ownserver.Start(ctx, self, "", nil, "--log-level=error", "--voice-udp=127.0.0.1:0", "--voice-tcp=127.0.0.1:0",
			"--voice-turn-udp=", "--voice-turn-tcp=", fmt.Sprintf("--voice-slots=%d", max(5, min(20, o.speakers-1))), fmt.Sprintf("--voice-room-max=%d", max(100, o.people)))
		if err != nil {
			return err
		}
		defer s.Stop() //nolint:errcheck // what counts has been measured
		b.url, b.pid = s.URL, s.Pid()
	}
	r, err := b.run(ctx)
	if err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(stdout).Encode(r)
	}
	return r.print(stdout)
}

type bench struct {
	options
	self     string // this program, which types too
	pid      int
	progress io.Writer
}

func (b *bench) run(ctx context.Context) (r Result, err error) {
	r.Seconds = b.seconds
	if b.speakers > 0 {
		fmt.Fprintf(b.progress, "%d people talk …\n", b.speakers)
		if r.Speakers, err = b.talk(ctx, b.speakers, nil); err != nil {
			return r, err
		}
	}
	if b.edits > 0 {
		fmt.Fprintln(b.progress, "people type, and nobody talks …")
		if r.EditOff, err = b.type4(ctx); err != nil {
			return r, err
		}
	}
	fmt.Fprintf(b.progress, "%d people talk …\n", b.people)
	r.Crowd, err = b.talk(ctx, b.people, func() error {
		if b.edits == 0 {
			return nil
		}
		r.EditOn, err = b.type4(ctx)
		return err
	})
	if r.EditOff > 0 {
		r.Ratio = r.EditOn / r.EditOff
	}
	return r, err
}

// type4 has people type in rooms, and says how late edits were for the latest hundredth. They are a process of their own: in this one
// they would wait for the packets of those who talk, which no typist's machine has to handle.
func (b *bench) type4(ctx context.Context) (float64, error) {
	cmd := exec.CommandContext(ctx, b.self, "bench", "sync", "--json",
		"--url", b.url, "--rooms", fmt.Sprint(b.edits), "--users", "4", "--rate", "2", "--seconds", fmt.Sprint(b.seconds))
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("people could not type: %w", err)
	}
	var res syncbench.Result
	err = json.Unmarshal(out, &res)
	return res.ArrivedP99, err
}

// talk has people talk for a while, or for as long as meanwhile takes.
func (b *bench) talk(ctx context.Context, n int, meanwhile func() error) (t talk, err error) {
	token, err := syncclient.Guest(ctx, http.DefaultClient, b.url)
	if err != nil {
		return t, err
	}
	room, err := syncclient.CreateRoom(ctx, http.DefaultClient, b.url, token, "python")
	if err != nil {
		return t, err
	}
	ears := &ears{}
	people, err := b.gather(ctx, room, n, ears)
	defer func() {
		var all sync.WaitGroup
		for _, p := range people {
			all.Go(p.Close)
		}
		all.Wait()
	}()
	if err != nil {
		return t, err
	}
	for i, p := range people {
		p.Level.Store(int32(20 + i%10))
		p.Talking.Store(true)
	}
	pause(ctx, time.Second) // until everybody is heard
	before := total(people)
	server, own, began := cpuOf(b.pid), cpuOf(0), time.Now()
	ears.start()
	if meanwhile != nil {
		if err := meanwhile(); err != nil {
			return t, err
		}
	}
	pause(ctx, time.Duration(b.seconds*float64(time.Second))-time.Since(began))
	late := ears.stop()
	passed := time.Since(began).Seconds()
	t = total(people)
	t.People, t.Sent, t.Received, t.Lost = n, t.Sent-before.Sent, t.Received-before.Received, t.Lost-before.Lost
	t.Cores, t.Own = (cpuOf(b.pid)-server)/passed, (cpuOf(0)-own)/passed
	t.P50, t.P95, t.P99, t.Max = at(late, .5), at(late, .95), at(late, .99), at(late, 1)
	if t.Received == 0 {
		return t, errors.New("nobody heard anything")
	}
	return t, ctx.Err()
}

func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// gather brings people into voice, a few at a time.
func (b *bench) gather(ctx context.Context, room string, n int, ears *ears) ([]*voiceclient.Person, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	people, errs := make([]*voiceclient.Person, n), make([]error, n)
	turn := make(chan struct{}, 4)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			token, err := syncclient.Guest(ctx, http.DefaultClient, b.url)
			if err == nil {
				people[i], err = voiceclient.Join(ctx, voiceclient.Config{
					URL: b.url, Token: token, Room: room, Client: fmt.Sprintf("person%04d", i), Name: fmt.Sprint("Person ", i), OnPacket: ears.hear,
				})
			}
			errs[i] = err
		})
	}
	all.Wait()
	return slices.DeleteFunc(people, func(p *voiceclient.Person) bool { return p == nil }), errors.Join(errs...)
}

func total(people []*voiceclient.Person) (t talk) {
	for _, p := range people {
		t.Sent += p.Sent.Load()
		t.Received += p.Received.Load()
		t.Lost += p.Lost.Load()
	}
	return t
}

func (r Result) print(w io.Writer) error {
	line := func(what string, t talk) {
		if t.People > 0 {
			fmt.Fprintf(w, "%-22s late p50 %.2f  p95 %.2f  p99 %.2f  max %.1f ms; %d packets heard, %d lost; server %.2f cores, generator %.2f\n",
				fmt.Sprintf("%d people %s", t.People, what), t.P50, t.P95, t.P99, t.Max, t.Received, t.Lost, t.Cores, t.Own)
		}
	}
	line("talking", r.Speakers)
	line("talking", r.Crowd)
	if r.Ratio > 0 {
		fmt.Fprintf(w, "edits                  p99 %.2f ms without voice, %.2f ms beside the last: ratio %.2f\n", r.EditOff, r.EditOn, r.Ratio)
	}
	return nil
}
