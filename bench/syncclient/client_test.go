package syncclient_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/bench/fakeserver"
	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

const file = "file0000"

// session is a server and a room on it.
type session struct {
	*testing.T
	ctx    context.Context
	server *fakeserver.Server
	url    string
	room   string
	ended  map[*syncclient.Client]chan error
}

func newSession(t *testing.T) *session {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	server, err := fakeserver.Open("")
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server.Handler())
	s := &session{T: t, ctx: ctx, server: server, url: web.URL, ended: map[*syncclient.Client]chan error{}}
	t.Cleanup(func() {
		cancel()
		for _, ended := range s.ended {
			<-ended
		}
		web.CloseClientConnections()
		web.Close()
	})
	token, err := syncclient.Guest(ctx, http.DefaultClient, web.URL)
	if err != nil || token == "" {
		t.Fatalf("guest %q: %v", token, err)
	}
	if s.room, err = syncclient.CreateRoom(ctx, http.DefaultClient, web.URL, token, "python"); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *session) client(id string, hooks syncclient.Hooks) *syncclient.Client {
	c := syncclient.New(syncclient.Config{URL: s.url, Room: s.room, ID: id, Name: id, Hooks: hooks})
	ended := make(chan error, 1)
	s.ended[c] = ended
	go func() {
		ended <- c.Run(s.ctx)
		close(ended)
	}()
	return c
}

func (s *session) wait(c *syncclient.Client, cond func(*syncclient.State) bool) {
	s.Helper()
	if err := c.Wait(s.ctx, cond); err != nil {
		s.Fatal(err)
	}
}

func prepend(s string) func(text.Text) ot.ChangeSet {
	return func(t text.Text) ot.ChangeSet { return ot.Replace(t.Len(), 0, 0, s) }
}

func (s *session) truth() (text string, version int64) {
	s.server.Room(s.room, func(r *fakeserver.Room) { text, version = r.Text(file), r.Version() })
	return
}

// TestClientsConvergeOverLostConnections types at several clients whose connections are cut again and again.
func TestClientsConvergeOverLostConnections(t *testing.T) {
	const people, edits = 4, 150
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	s := newSession(t)
	s.server.Room(s.room, func(r *fakeserver.Room) { r.CatchupFrom = 20 })
	var all sync.WaitGroup
	var clients []*syncclient.Client
	for i := range people {
		c := s.client(fmt.Sprintf("person%02d", i), syncclient.Hooks{})
		clients = append(clients, c)
		s.wait(c, (*syncclient.State).Ready)
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		all.Go(func() {
			for n := range edits {
				if err := c.Edit(file, prepend(fmt.Sprintf("<%d:%d>", i, n))); err != nil {
					t.Error(err)
				}
				switch random.IntN(20) {
				case 0:
					c.Drop()
				case 1, 2, 3:
					if err := c.Wait(s.ctx, (*syncclient.State).Quiet); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	for _, c := range clients {
		s.wait(c, (*syncclient.State).Quiet)
	}
	want, version := s.truth()
	for i := range people {
		s.wait(clients[i], func(st *syncclient.State) bool { return st.Version() == version && st.Ready() })
		for n := range edits {
			if token := fmt.Sprintf("<%d:%d>", i, n); strings.Count(want, token) != 1 {
				t.Errorf("%s is there %d times", token, strings.Count(want, token))
			}
		}
		clients[i].With(func(st *syncclient.State) {
			if got := st.File(file).Text().String(); got != want {
				t.Errorf("client %d differs", i)
			}
			x := st.Stats()
			if x.Gaps+x.Doubles+x.Mismatches+x.Strays+x.Recovered > 0 {
				t.Errorf("client %d: %+v", i, x)
			}
		})
	}
}

// TestRefusedBatchIsTakenBack checks that a refusal costs the client nothing but the batch.
func TestRefusedBatchIsTakenBack(t *testing.T) {
	s := newSession(t)
	s.server.Answer = func(_ string, m wire.Message) (wire.Message, bool) {
		if b, ok := m.(*wire.Batch); ok && b.Seq == 1 {
			return &wire.Error{Code: "bad_edit", Message: "no", Seq: 1}, true
		}
		return nil, false
	}
	refused := make(chan syncclient.Refusal, 1)
	c := s.client("person00", syncclient.Hooks{Refused: func(r syncclient.Refusal) { refused <- r }})
	s.wait(c, (*syncclient.State).Ready)
	before, _ := s.truth()
	if err := c.Edit(file, prepend("one ")); err != nil {
		t.Fatal(err)
	}
	if r := <-refused; r.Code != "bad_edit" || r.Seq != 1 {
		t.Errorf("refused %+v", r)
	}
	if err := c.Edit(file, prepend("two ")); err != nil {
		t.Fatal(err)
	}
	s.wait(c, (*syncclient.State).Quiet)
	if got, _ := s.truth(); got != "two "+before {
		t.Errorf("the text is %q", got)
	}
}

// TestRetry checks that a batch that is refused for the moment is sent again, unchanged.
func TestRetry(t *testing.T) {
	s := newSession(t)
	var asked atomic.Int64
	s.server.Answer = func(_ string, m wire.Message) (wire.Message, bool) {
		if b, ok := m.(*wire.Batch); ok && asked.Add(1) < 3 {
			return &wire.Error{Code: "read_only", Message: "later", Seq: b.Seq, Retry: true}, true
		}
		return nil, false
	}
	c := s.client("person00", syncclient.Hooks{})
	s.wait(c, (*syncclient.State).Ready)
	if err := c.Edit(file, prepend("kept ")); err != nil {
		t.Fatal(err)
	}
	s.wait(c, (*syncclient.State).Quiet)
	if got, _ := s.truth(); !strings.HasPrefix(got, "kept ") || asked.Load() != 3 {
		t.Errorf("asked %d times, the text is %q", asked.Load(), got)
	}
}

// TestRunEndsWhenSentAway checks the three ways in which a server says not to come back.
func TestRunEndsWhenSentAway(t *testing.T) {
	for code, answer := range map[string]wire.Message{
		"client_taken": &wire.Error{Code: "client_taken", Message: "taken", Fatal: true},
		"replaced":     &wire.Bye{Reason: "replaced"},
	} {
		s := newSession(t)
		s.server.Answer = func(string, wire.Message) (wire.Message, bool) { return answer, true }
		if err := <-s.ended[s.clientOnly("person00")]; codecollab.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	s := newSession(t)
	s.room = "nowhere"
	if err := <-s.ended[s.clientOnly("person00")]; codecollab.CodeOf(err) != "no_room" {
		t.Error(err)
	}
}

func (s *session) clientOnly(id string) *syncclient.Client { return s.client(id, syncclient.Hooks{}) }

// TestCommands checks that what is not an edit goes out after the edits typed before it, and takes effect.
func TestCommands(t *testing.T) {
	s := newSession(t)
	c := s.client("person00", syncclient.Hooks{})
	s.wait(c, (*syncclient.State).Ready)
	c.With(func(st *syncclient.State) {
		d := st.File(file)
		if err := st.Edit(file, prepend("x")(d.Text())); err != nil {
			t.Error(err)
		}
		st.Do(&wire.Create{File: "file0001", Name: "other.py", Text: "y"})
		st.Do(&wire.Language{Language: "go"})
	})
	s.wait(c, (*syncclient.State).Quiet)
	var kinds []string
	s.server.Room(s.room, func(r *fakeserver.Room) {
		for _, ev := range r.After(0) {
			kinds = append(kinds, ev.Body.Payload.Kind())
		}
	})
	if fmt.Sprint(kinds) != "[edit create language]" {
		t.Error(kinds)
	}
	c.With(func(st *syncclient.State) {
		if st.Language() != "go" || st.File("file0001").Text().String() != "y" {
			t.Error("the commands have not taken effect")
		}
	})
}
