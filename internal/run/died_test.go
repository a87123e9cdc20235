package run_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/run"
	"codecollab.dev/internal/run/queue"
	"codecollab.dev/internal/wire"
)

// diesVar names the queue of a process that takes a job from it and dies at it.
const diesVar = "RUN_TEST_DIES"

func TestMain(m *testing.M) {
	if where := os.Getenv(diesVar); where != "" {
		dieAtWork(where)
	}
	os.Exit(m.Run())
}

// dieAtWork ends the process without a word, as SIGKILL would.
func dieAtWork(where string) {
	r := newRooms()
	r.ask("r", 1)
	q, err := queue.Open(context.Background(), where, slogDiscard())
	if err != nil {
		panic(err)
	}
	die := executor(func(context.Context, run.Program, func(run.Event)) (wire.Finish, error) {
		os.Exit(42)
		return wire.Finish{}, nil
	})
	if _, err := run.New(context.Background(), run.Options{Workers: 1, HeadBytes: 9, TailBytes: 9, Log: slogDiscard()}, q, die, r); err != nil {
		panic(err)
	}
	select {} // until it dies
}

func die(t *testing.T, where string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), diesVar+"="+where)
	if out, err := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 42 {
		t.Fatalf("%v\n%s", err, out)
	}
}

// A server that died is followed by one that runs its program again at once; the second death is held against it.
func TestTheServerDied(t *testing.T) {
	where := file(t)
	die(t, where)
	r := newRooms()
	j := r.ask("r", 1)
	s := serve(t, where, 1, prints("x"), r)
	if f := r.end(t, j); f.Outcome != "exited" {
		t.Errorf("after one death: %+v", f)
	}
	shut(t, s, time.Minute)

	where = file(t)
	die(t, where)
	die(t, where)
	r = newRooms()
	j = r.ask("r", 1)
	s = serve(t, where, 1, prints("x"), r)
	defer shut(t, s, time.Minute)
	if f := r.end(t, j); f.Outcome != "failed" || !strings.Contains(f.Message, "stopped while the program ran") {
		t.Errorf("after two deaths: %+v", f)
	}
}
