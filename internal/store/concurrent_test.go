package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/room"
)

// seed is that of CODECOLLAB_SEED, or a new one, which is printed when the test fails.
func seed(t *testing.T) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(os.Getenv("CODECOLLAB_SEED"), 10, 64)
	if err != nil {
		n = rand.Uint64()
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("repeat this with CODECOLLAB_SEED=%d", n)
		}
	})
	return n
}

// Two nodes append to the same rooms, while connections of theirs are cut, also in the middle of a commit. Whatever was acknowledged
// is in the log once, in order; nothing that was refused is; and versions have neither gap nor double.
func TestNodesThatAppendTogetherLoseNothing(t *testing.T) {
	server := postgres(t)
	nodes := []*Store{open(t, Options{Database: server, Conns: 4}), open(t, Options{Database: server, Conns: 4})}
	const rooms, writers, each = 3, 8, 40
	n := seed(t)
	for i := range rooms {
		if err := nodes[0].Create(t.Context(), fmt.Sprint("room", i), []room.Record{{Version: 1, At: 1, Kind: "edit", Data: []byte("first")}}); err != nil {
			t.Fatal(err)
		}
	}
	acknowledged := make([][]string, writers)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			r := rand.New(rand.NewPCG(n, uint64(w)))
			for i := range each {
				if r.IntN(5) == 0 {
					cutConnection(nodes[r.IntN(len(nodes))])
				}
				text := fmt.Sprintf("%d.%d", w, i)
				if appendSomewhere(t, nodes[r.IntN(len(nodes))], fmt.Sprint("room", r.IntN(rooms)), text, 1+r.IntN(3)) {
					acknowledged[w] = append(acknowledged[w], text)
				}
			}
		})
	}
	all.Wait()
	found := map[string]int{}
	for i := range rooms {
		records, err := nodes[1].Read(t.Context(), fmt.Sprint("room", i), 0, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		for at, r := range records {
			if r.Version != int64(at)+1 {
				t.Fatalf("room%d has version %d at place %d", i, r.Version, at+1)
			}
			if at > 0 {
				found[string(r.Data)]++
			}
		}
	}
	sure := 0
	for w := range writers {
		sure += len(acknowledged[w])
		for _, text := range acknowledged[w] {
			if found[text] != 1 {
				t.Errorf("%s was acknowledged, and is there %d times", text, found[text])
			}
		}
	}
	for text, times := range found {
		if times > 1 && !strings.Contains(text, "+") {
			t.Errorf("%s is there %d times", text, times)
		}
	}
	if sure < writers*each/2 {
		t.Errorf("only %d of %d were acknowledged", sure, writers*each)
	}
}

// appendSomewhere appends a record with a text, and some more, at the head of a room, wherever that is, and says whether that is
// acknowledged. Otherwise nobody knows.
func appendSomewhere(t *testing.T, s *Store, name, text string, n int) bool {
	ctx := context.Background()
	for {
		head, err := Archived{s}.Head(ctx, name)
		if err != nil {
			continue // its connection was cut
		}
		records := make([]room.Record, n)
		for i := range records {
			records[i] = room.Record{Version: head + int64(i) + 1, At: int64(i), Kind: "edit", Data: fmt.Appendf(nil, "%s+%d", text, i)}
		}
		records[0].Data = []byte(text)
		switch err := s.Append(ctx, name, head, records); {
		case err == nil:
			return true
		case room.IsMovedOn(err):
		case codecollab.CodeOf(err) == "read_only":
			return false
		default:
			t.Errorf("%s: %v", text, err)
			return false
		}
	}
}

// cutConnection cuts a connection that is in the middle of something, its own perhaps.
func cutConnection(s *Store) {
	_, _ = s.pg.Exec(`SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity
		WHERE datname = current_database() AND state = 'active' ORDER BY random() LIMIT 1) AS one`)
}
