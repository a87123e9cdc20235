package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"codecollab.dev/bench/crowd"
	"codecollab.dev/bench/fleet"
)

// The configurations of deploy/proxy, each with the real proxy, in front of two real nodes.
func TestProxies(t *testing.T) {
	if testing.Short() {
		t.Skip("starts PostgreSQL, Redis, two servers and three proxies")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f, err := fleet.Start(t.Context(), fleet.Options{
		Self: self, Nodes: 2, Postgres: true, Redis: true,
		Args: []string{"--trusted-proxies", "127.0.0.1", "--heartbeat", "1s", "--catchup-events", "1000000"},
	})
	if err != nil {
		needs(t, "postgres and redis-server", err)
	}
	t.Cleanup(func() {
		if err := f.Stop(); err != nil {
			t.Error(err)
		}
	})
	for _, p := range []proxy{
		{name: "nginx", config: "nginx.conf", listen: "listen 80;", own: "listen %s;", command: func(config, dir string) []string {
			return []string{"nginx", "-c", config, "-p", dir, "-g", "daemon off;"}
		}, wrap: nginxAround},
		{name: "caddy", config: "Caddyfile", listen: "code.example.org {", own: "http://%s {", command: func(config, _ string) []string {
			return []string{"caddy", "run", "--config", config, "--adapter", "caddyfile"}
		}, wrap: caddyAround},
		{name: "haproxy", config: "haproxy.cfg", listen: "bind :80", own: "bind %s", command: func(config, _ string) []string {
			return []string{"haproxy", "-db", "-f", config}
		}},
	} {
		t.Run(p.name, func(t *testing.T) { p.try(t, f) })
	}
}

// needs fails where everything is installed, and skips elsewhere.
func needs(t *testing.T, what string, err error) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(err)
	}
	t.Skipf("needs %s (scripts/setup-debian.sh): %v", what, err)
}

type proxy struct {
	name    string
	config  string // in deploy/proxy
	listen  string // what it says where to listen, and what we make of it
	own     string
	command func(config, dir string) []string
	wrap    func(config, dir string) string
}

// nginxAround is what Debian's own nginx.conf has around conf.d, without what needs root.
func nginxAround(config, dir string) string {
	temp := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temp += fmt.Sprintf("%s_temp_path %s/%s;\n", kind, dir, kind)
	}
	return fmt.Sprintf("pid %s/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n%s%s}\n", dir, temp, config)
}

// caddyAround keeps it from its files and its port for administrators.
func caddyAround(config, _ string) string {
	return "{\n\tadmin off\n\tauto_https off\n}\n" + config
}

// tried is a proxy that runs, and what stands between it and each node.
type tried struct {
	t     *testing.T
	url   string
	fleet *fleet.Fleet
	links []*fleet.Link
}

func (p proxy) try(t *testing.T, f *fleet.Fleet) {
	x := &tried{t: t, fleet: f}
	for _, n := range f.Nodes {
		link, err := fleet.NewLink(func() []string { return []string{n.Addr} }, true)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(link.Close)
		x.links = append(x.links, link)
	}
	p.start(x)
	x.page()
	x.stream()
	drained := x.rooms()
	x.drain(drained)
}

// start runs the proxy with the configuration of the repository, in which only addresses are others.
func (p proxy) start(x *tried) {
	t := x.t
	if _, err := exec.LookPath(p.name); err != nil {
		needs(t, p.name, err)
	}
	given, err := os.ReadFile(filepath.Join("..", "..", "deploy", "proxy", p.config))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	dir, config := t.TempDir(), string(given)
	for _, change := range [][2]string{
		{p.listen, fmt.Sprintf(p.own, addr)}, {"10.0.0.11:8080", x.links[0].Addr()}, {"10.0.0.12:8080", x.links[1].Addr()},
	} {
		if !strings.Contains(config, change[0]) {
			t.Fatalf("%s does not say %q any more", p.config, change[0])
		}
		config = strings.ReplaceAll(config, change[0], change[1])
	}
	if p.wrap != nil {
		config = p.wrap(config, dir)
	}
	file := filepath.Join(dir, p.config)
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	command := p.command(file, dir)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%s", p.name, log.String())
		}
	})
	x.url = "http://" + addr
	x.until("the page comes", func() bool { return x.status("/") == http.StatusOK })
}

func (x *tried) until(what string, ok func() bool) {
	x.t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			x.t.Fatalf("never: %s", what)
		}
	}
}

func (x *tried) get(path string) *http.Response {
	req, err := http.NewRequestWithContext(x.t.Context(), http.MethodGet, x.url+path, nil)
	if err != nil {
		x.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil
	}
	return res
}

func (x *tried) status(path string) int {
	res := x.get(path)
	if res == nil {
		return 0
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// page: the start page comes, and metrics do not.
func (x *tried) page() {
	res := x.get("/")
	if res == nil {
		x.t.Fatal("no page")
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || !strings.Contains(string(body), "<html") || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		x.t.Errorf("the page is %q %.200q %v", res.Header.Get("Content-Type"), body, err)
	}
	if got := x.status("/metrics"); got != http.StatusNotFound {
		x.t.Errorf("/metrics is answered with %d to everybody", got)
	}
}

// people lets three people work in a new room.
func (x *tried) people(seed uint64) *crowd.Crowd {
	x.t.Helper()
	c, err := crowd.Start(x.t.Context(), crowd.Options{URL: x.url, Rooms: 1, Users: 3, Rate: 5, Seed: seed})
	if err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { _ = c.Leave() })
	return c
}

func (x *tried) sockets(node int) int { return x.links[node].Sockets(x.fleet.Nodes[node].Addr) }

// rooms: the people of a room are on one node, and rooms are on both. It returns a room of each, by node.
func (x *tried) rooms() (on [2]*crowd.Crowd) {
	for i := range uint64(32) {
		before := [2]int{x.sockets(0), x.sockets(1)}
		c := x.people(i)
		came := [2]int{x.sockets(0) - before[0], x.sockets(1) - before[1]}
		switch came {
		case [2]int{3, 0}:
			on[0] = c
		case [2]int{0, 3}:
			on[1] = c
		default:
			x.t.Fatalf("of one room's people %v are on the two nodes", came)
		}
		if on[0] != nil && on[1] != nil {
			return on
		}
	}
	x.t.Fatal("all rooms are on one node")
	return on
}

// stream: what stands in the place of a socket comes as it is said, and not when a buffer is full.
func (x *tried) stream() {
	c := x.people(99)
	res := x.get("/api/v1/rooms/" + c.Rooms()[0].ID() + "/stream")
	if res == nil {
		x.t.Fatal("no stream")
	}
	defer func() { _ = res.Body.Close() }()
	first := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(res.Body).ReadString('\n')
		first <- line
	}()
	select {
	case line := <-first:
		if !strings.HasPrefix(line, "event: open") {
			x.t.Errorf("the stream (%s) begins with %q", res.Status, line)
		}
	case <-time.After(20 * time.Second):
		x.t.Error("the beginning of the stream is kept back")
	}
}

// drain: a node that ends gives its people to the other, which gets all new ones; nobody sees an error, and nothing is lost.
func (x *tried) drain(on [2]*crowd.Crowd) {
	t, node := x.t, x.fleet.Nodes[0]
	before := len(on[0].Outages())
	if err := node.Terminate(); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := on[0].Beat(ctx); err != nil {
		t.Fatalf("after their node has gone: %v", err)
	}
	if moved := len(on[0].Outages()) - before; moved != 3 {
		t.Errorf("%d of 3 people have moved", moved)
	}
	for i := range uint64(4) {
		before := x.sockets(1)
		x.people(200 + i)
		if got := x.sockets(1) - before; got != 3 || x.sockets(0) != 0 {
			t.Errorf("of three new people %d are on the node that lives", got)
		}
	}
	for range 20 {
		if got := x.status("/"); got != http.StatusOK {
			t.Errorf("the page is answered with %d while one node has gone", got)
		}
	}
	if err := node.Start(ctx); err != nil {
		t.Fatal(err)
	}
	for _, c := range on {
		if err := c.Rest(ctx); err != nil {
			t.Fatal(err)
		}
		v, err := c.Judge(ctx, []string{node.URL(), x.fleet.Nodes[1].URL()})
		if err != nil || v.Wrong() > 0 {
			t.Errorf("%v %q", err, v.Found)
		}
	}
}
