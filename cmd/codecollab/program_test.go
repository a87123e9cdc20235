package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// The tests run the real program: this test binary, which is codecollab when it is called with a command.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		main()
	}
	os.Exit(m.Run())
}

// patience bounds every wait; on a machine with time to spare nothing takes a tenth of it.
const patience = time.Minute

// program is a running "codecollab serve".
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	data string
	addr string
	args []string
	gone chan struct{}

	mu  sync.Mutex
	log strings.Builder
}

// start runs the program on a folder (a new one when dir is "") and waits until it answers.
func start(t *testing.T, dir string, args ...string) *program {
	t.Helper()
	if dir == "" {
		dir = t.TempDir()
	}
	p := &program{t: t, data: dir, addr: "127.0.0.1:0", args: args}
	p.start()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("the program said:\n%s", p.said())
		}
	})
	return p
}

func (p *program) start() {
	p.t.Helper()
	args := append([]string{"serve", "--addr", p.addr, "--data", p.data, "--runner-data", cacheDir(p.t)}, p.args...)
	p.cmd = exec.Command(os.Args[0], args...)
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.gone = make(chan struct{})
	listening := make(chan string, 1)
	go p.read(bufio.NewScanner(stderr), listening)
	select {
	case p.addr = <-listening:
	case <-p.gone:
		p.t.Fatalf("the program ended:\n%s", p.said())
	case <-time.After(patience):
		p.t.Fatal("the program does not start")
	}
}

// cacheDir is one folder for the compile caches of all tests, so that they are filled once.
var cacheDir = func() func(*testing.T) string {
	var once sync.Once
	var dir string
	return func(t *testing.T) string {
		once.Do(func() {
			var err error
			if dir, err = os.MkdirTemp("", "codecollab-test-"); err != nil {
				t.Fatal(err)
			}
		})
		return dir
	}
}()

func (p *program) read(lines *bufio.Scanner, listening chan<- string) {
	for lines.Scan() {
		p.mu.Lock()
		fmt.Fprintln(&p.log, lines.Text())
		p.mu.Unlock()
		if _, rest, ok := strings.Cut(lines.Text(), "msg=listening addr="); ok {
			addr, _, _ := strings.Cut(rest, " ")
			listening <- addr
		}
	}
	_ = p.cmd.Wait()
	close(p.gone)
}

func (p *program) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// kill is SIGKILL: the program has no chance to say anything.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	<-p.gone
}

// restart brings the program back on the same address and folder.
func (p *program) restart() {
	p.t.Helper()
	p.kill()
	p.start()
}

func (p *program) url() string { return "http://" + p.addr }

// person is somebody in a room of the program.
type person struct {
	*syncclient.Client
	t     *testing.T
	token string
	ctx   context.Context

	mu     sync.Mutex
	events []*wire.Event
	output strings.Builder
	marks  []string // who typed
	sizes  []wire.Size
	live   []wire.Live
	id     string // of the person
	errors []string
	states []string
	able   []wire.Writable
	seen   seen
}

func (p *program) room(language string) (room, token string) {
	p.t.Helper()
	token, err := syncclient.Guest(p.t.Context(), http.DefaultClient, p.url())
	if err != nil {
		p.t.Fatal(err)
	}
	room, err = syncclient.CreateRoom(p.t.Context(), http.DefaultClient, p.url(), token, language)
	if err != nil {
		p.t.Fatal(err)
	}
	return room, token
}

func (p *program) join(room, token, id string) *person {
	p.t.Helper()
	return p.joinAs(syncclient.Config{URL: p.url()}, room, token, id)
}

// joinAs joins by an address of one's own.
func (p *program) joinAs(config syncclient.Config, room, token, id string) *person {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*patience)
	who := &person{t: p.t, token: token, ctx: ctx}
	config.Room, config.Token, config.ID, config.Name = room, token, id, id
	config.Hooks, config.Message = syncclient.Hooks{Event: who.event}, who.message
	who.Client = syncclient.New(config)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := who.Run(ctx); err != nil {
			p.t.Error(err)
		}
	}()
	p.t.Cleanup(func() { cancel(); <-done })
	who.wait("joined", (*syncclient.State).Ready)
	return who
}

func (w *person) event(e *wire.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, e)
}

// printed is the output that has come so far.
func (w *person) printed() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.output.String()
}

func (w *person) message(m wire.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch m := m.(type) {
	case *wire.Presence:
		w.seen.presence(m)
	case *wire.Output:
		if m.Stream == "typed" {
			w.marks = append(w.marks, strings.TrimSuffix(m.Data, "\n"))
			break
		}
		w.output.WriteString(m.Data)
	case *wire.Terminal:
		w.sizes = append(w.sizes, wire.Size{Rows: m.Rows, Cols: m.Cols})
	case *wire.Joined:
		w.live, w.id = m.Live, m.Person
	case *wire.Error:
		w.errors = append(w.errors, m.Code)
	case *wire.RunState:
		w.states = append(w.states, m.State)
	case *wire.Writable:
		w.able = append(w.able, *m)
	}
}

func (w *person) wait(what string, cond func(*syncclient.State) bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := w.Wait(ctx, cond); err != nil {
		w.t.Fatalf("waiting until %s: %v", what, err)
	}
}

// file is the room's first file.
func (w *person) file() (id string) {
	w.With(func(s *syncclient.State) { id = s.Files()[0].ID })
	return id
}

func (w *person) text() (out string) {
	w.With(func(s *syncclient.State) { out = s.Files()[0].Text().String() })
	return out
}

// set replaces the whole text.
func (w *person) set(program string) {
	w.edit(func(doc text.Text) ot.ChangeSet { return ot.Replace(doc.Len(), 0, doc.Len(), program) })
}

// append types at the end.
func (w *person) append(s string) {
	w.edit(func(doc text.Text) ot.ChangeSet { return ot.Replace(doc.Len(), doc.Len(), doc.Len(), s) })
}

func (w *person) edit(f func(text.Text) ot.ChangeSet) {
	w.t.Helper()
	if err := w.Edit(w.file(), f); err != nil {
		w.t.Fatal(err)
	}
}

func (w *person) settle() { w.t.Helper(); w.wait("everything is confirmed", quiet) }

func quiet(s *syncclient.State) bool { return s.Ready() && s.Quiet() }

// run asks for a run and returns its name.
func (w *person) run(language string) int64 {
	w.t.Helper()
	return w.runAs(&wire.Run{Language: language})
}

// runAs asks for a run of the first file.
func (w *person) runAs(request *wire.Run) int64 {
	w.t.Helper()
	request.File = w.file()
	w.settle()
	var before int64
	w.With(func(s *syncclient.State) { before = s.Version() })
	w.Do(request)
	return w.find("a run was asked for", func(e *wire.Event) bool { return e.Version > before && e.Body.Kind() == "run" }).Version
}

func (w *person) finish(run int64) *wire.Finish {
	w.t.Helper()
	e := w.find(fmt.Sprintf("run %d has finished", run), func(e *wire.Event) bool {
		f, ok := e.Body.Payload.(*wire.Finish)
		return ok && f.Run == run
	})
	return e.Body.Payload.(*wire.Finish)
}

// find waits for the last event that is as wanted.
func (w *person) find(what string, want func(*wire.Event) bool) (found *wire.Event) {
	w.t.Helper()
	w.wait(what, func(*syncclient.State) bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, e := range w.events {
			if want(e) {
				found = e
			}
		}
		return found != nil
	})
	return found
}

// until waits for something that this person has been told.
func (w *person) until(what string, cond func() bool) {
	w.t.Helper()
	w.wait(what, func(*syncclient.State) bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return cond()
	})
}

// exit waits until the program has ended by itself.
func (p *program) exit() int {
	p.t.Helper()
	select {
	case <-p.gone:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		p.t.Fatal("the program does not end")
		return -1
	}
}

func (p *program) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}
