package livekit

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/coder/websocket"

	"codecollab.dev/internal/wire"
)

// realServer is a LiveKit server of a test, on ports of its own.
type realServer struct {
	program, config, address string
	cmd                      *exec.Cmd
	log                      bytes.Buffer
}

// newReal starts one. "make test-livekit" builds it and says where it is.
func newReal(t *testing.T) *realServer {
	t.Helper()
	r := &realServer{program: os.Getenv("LIVEKIT_SERVER"), config: filepath.Join(t.TempDir(), "livekit.yaml")}
	if r.program == "" {
		t.Skip("LIVEKIT_SERVER does not say where a LiveKit server is; make test-livekit builds one")
	}
	ports := freePorts(t)
	text := fmt.Sprintf("port: %d\nbind_addresses: [127.0.0.1]\nrtc: {tcp_port: %d, udp_port: %d, node_ip: 127.0.0.1, enable_loopback_candidate: true}\nkeys: {key: %s}\n",
		ports[0], ports[1], ports[2], secret)
	if err := os.WriteFile(r.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r.address = fmt.Sprintf("127.0.0.1:%d", ports[0])
	t.Cleanup(func() {
		r.kill()
		if t.Failed() {
			t.Log(r.log.String())
		}
	})
	r.start(t)
	return r
}

func freePorts(t *testing.T) (ports [3]int) {
	t.Helper()
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports
}

func (r *realServer) start(t *testing.T) {
	t.Helper()
	r.cmd = exec.Command(r.program, "--config", r.config)
	r.cmd.Stdout, r.cmd.Stderr = &r.log, &r.log
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for late := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		res, err := http.Get("http://" + r.address)
		if err == nil {
			res.Body.Close()
			return
		}
		if time.Now().After(late) {
			t.Fatal("LiveKit does not start: ", err)
		}
	}
}

func (r *realServer) kill() {
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
}

// enter comes in with a token, as far as LiveKit's signalling goes. The answer is closed when LiveKit has ended it.
func (r *realServer) enter(t *testing.T, token string) (ended <-chan struct{}) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, "ws://"+r.address+"/rtc?protocol=15&auto_subscribe=1&access_token="+url.QueryEscape(token), nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			if _, _, err := conn.Read(ctx); err != nil {
				return
			}
		}
	}()
	return over
}

func (s *sitter) token(t *testing.T) string {
	t.Helper()
	s.Handle(&wire.VoiceAsk{})
	return next[*wire.VoiceWays](t, s).LiveKit.Token
}

func within(t *testing.T, what string, over <-chan struct{}) {
	t.Helper()
	select {
	case <-over:
	case <-time.After(20 * time.Second):
		t.Fatal("never: ", what)
	}
}

func only(client string, silent bool) func(*wire.VoicePeople) bool {
	return func(p *wire.VoicePeople) bool {
		return len(p.People) == 1 && p.People[0].Client == client && p.People[0].Person == "person-of-"+client && p.People[0].Silent == silent && p.People[0].Muted && !p.Stale
	}
}

func nobody(p *wire.VoicePeople) bool { return len(p.People) == 0 && !p.Stale }

func TestWhatARoomDecidesIsSoAtARealLiveKit(t *testing.T) {
	r := newReal(t)
	d := newDesk(t, "http://"+r.address)
	other := newDesk(t, "http://"+r.address) // another node, with a client of the same room
	a, b := sit(d, ann), sit(other, "benbenben")
	token := a.token(t)
	over := r.enter(t, token)
	a.sees(t, "ann herself", only(ann, false))
	b.sees(t, "ann, who is on another node", only(ann, false))

	a.may(d, muted)
	b.sees(t, "that ann is muted", only(ann, true))
	r.enter(t, token) // which said that she may speak
	within(t, "the first of two connections with one identity ends", over)
	b.sees(t, "ann, who has come with an older token", only(ann, false))
	b.sees(t, "that this was no way around it", only(ann, true))
	there, err := d.listParticipants(t.Context(), calm)
	if err != nil || len(there) != 1 || there[0].Permission.CanPublish || !there[0].Permission.CanSubscribe || there[0].Permission.CanPublishData {
		t.Fatalf("%+v %v", there, err)
	}
	a.may(d, nil)
	b.sees(t, "that ann may speak", only(ann, false))
	if there, err = d.listParticipants(t.Context(), calm); err != nil || len(there) != 1 || fmt.Sprint(there[0].Permission.Sources) != "[MICROPHONE]" || there[0].Permission.CanPublishData {
		t.Fatalf("%+v %v", there, err)
	}
	over = r.enter(t, token)
	a.may(d, removed)
	b.sees(t, "that ann is out", nobody)
	within(t, "her connection ends", over)
	a.Leave(true)
	over = r.enter(t, token)
	within(t, "her token counts, and leads nowhere", over)
}

func TestSomebodyMovesBetweenNodesAtARealLiveKit(t *testing.T) {
	r := newReal(t)
	d, other := newDesk(t, "http://"+r.address), newDesk(t, "http://"+r.address)
	a, b := sit(d, ann), sit(other, "benbenben")
	over := r.enter(t, a.token(t))
	b.sees(t, "ann", only(ann, false))
	moved := sit(other, ann)
	a.Leave(false)
	moved.sees(t, "herself", only(ann, false))
	time.Sleep(d.opt.Grace + 3*d.opt.Look) // for what must not happen, there is nothing to wait for
	select {
	case <-over:
		t.Fatal("she was put out by the node that she has left")
	default:
	}
	moved.Leave(false) // and does not come back
	b.sees(t, "that ann is gone", nobody)
	within(t, "her connection ends", over)
}

func TestARealLiveKitThatIsGoneAndBack(t *testing.T) {
	r := newReal(t)
	d := newDesk(t, "http://"+r.address)
	a, b := sit(d, ann), sit(d, "benbenben")
	r.enter(t, a.token(t))
	b.sees(t, "ann", only(ann, false))
	r.kill()
	b.sees(t, "that this may be out of date", func(p *wire.VoicePeople) bool { return p.Stale && len(p.People) == 1 })
	r.start(t)
	b.sees(t, "that nobody is there", nobody)
	r.enter(t, a.token(t))
	b.sees(t, "ann", only(ann, false))
}

func TestATestTokenAtARealLiveKit(t *testing.T) {
	r := newReal(t)
	d := newDesk(t, "http://"+r.address)
	a := sit(d, ann)
	over := r.enter(t, a.token(t))
	a.sees(t, "herself", only(ann, false))
	a.Handle(&wire.VoiceAsk{Test: true})
	r.enter(t, next[*wire.VoiceWays](t, a).LiveKit.Token)
	select {
	case <-over:
		t.Fatal("the test has ended the call")
	case <-time.After(3 * d.opt.Look):
	}
	if there, err := d.listParticipants(t.Context(), calm); err != nil || len(there) != 1 {
		t.Errorf("%+v %v", there, err)
	}
}
