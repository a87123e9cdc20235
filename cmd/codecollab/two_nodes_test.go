package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/servicetest"
	"codecollab.dev/internal/wire"
)

// twoNodes are two servers on one Postgres and one Redis.
func twoNodes(t *testing.T, more ...string) (here, there *program, redis *servicetest.RedisServer) {
	t.Helper()
	database := servicetest.Postgres(t)
	redis = servicetest.Redis(t)
	secret := func(name, text string) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	args := []string{
		"--database-url-file", secret("database", database), "--redis-url-file", secret("redis", redis.URL), "--presence-tick=10ms", "--node-beat=200ms",
		"--voice-udp=127.0.0.1:0", "--voice-tcp=127.0.0.1:0", "--voice-turn-udp=127.0.0.1:0", "--voice-turn-tcp=127.0.0.1:0",
	}
	args = append(args, more...)
	here = start(t, "", append(args, "--node=here")...)
	return here, start(t, keysOf(t, here), append(args, "--node=there")...), redis
}

// seen are the people whom somebody sees.
type seen struct {
	mu     sync.Mutex
	people map[string]string // names by session
}

func (s *seen) presence(p *wire.Presence) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.All || s.people == nil {
		s.people = map[string]string{}
	}
	for i := range p.People {
		s.people[p.People[i].Session] = p.People[i].Name
	}
	for _, session := range p.Left {
		delete(s.people, session)
	}
}

func (s *seen) names() (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range s.people {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// Two people in one room on two nodes: they see each other, type at once, and see the same run. Redis dies and comes back, and so
// does a node.
func TestTwoNodesOneRoom(t *testing.T) {
	here, there, redis := twoNodes(t)
	room, token := here.room("python")
	ann := here.join(room, token, "annannann")
	_, other := there.room("python") // a guest of the other node
	ben := there.join(room, other, "benbenben")

	sees := func(who *person, names ...string) {
		t.Helper()
		who.until(fmt.Sprintf("they see %q", names), func() bool { return slices.Equal(who.seen.names(), names) })
	}
	sees(ann, "annannann", "benbenben")
	sees(ben, "annannann", "benbenben")

	typing := func(round string) {
		t.Helper()
		ann.set("# ann: \n# ben: \nprint('hello')\n")
		ann.settle()
		ben.wait("ben sees what ann typed", func(s *syncclient.State) bool { return s.Files()[0].Text().String() == ann.text() })
		for i := range 20 {
			ann.edit(insertAfter("# ann: ", fmt.Sprintf("a%d ", i)))
			ben.edit(insertAfter("# ben: ", fmt.Sprintf("b%d ", i)))
		}
		ann.settle()
		ben.settle()
		same := func(s *syncclient.State) bool {
			text := s.Files()[0].Text().String()
			for i := range 20 {
				if !strings.Contains(text, fmt.Sprintf("a%d ", i)) || !strings.Contains(text, fmt.Sprintf("b%d ", i)) {
					return false
				}
			}
			return true
		}
		ann.wait(round+": ann has all words", same)
		ben.wait(round+": ben has all words", same)
		if a, b := ann.text(), ben.text(); a != b {
			t.Errorf("%s: %q and %q", round, a, b)
		}
	}
	typing("at first")

	run := ben.run("python")
	for _, who := range []*person{ann, ben} {
		if f := who.finish(run); f.Outcome != "exited" || len(f.Output) != 1 || f.Output[0].Data != "hello\n" {
			t.Errorf("finished %+v", f)
		}
		who.until("the output was streamed", func() bool { return who.output.String() == "hello\n" })
	}

	redis.Stop()
	typing("without Redis")
	redis.Start()
	sees(ann, "annannann", "benbenben")
	typing("with Redis again")

	there.kill()
	sees(ann, "annannann")
	there.start()
	sees(ann, "annannann", "benbenben")
	typing("with the node again")
}
