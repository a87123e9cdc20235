package fleet

import (
	"bytes"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// Link forwards TCP connections to whichever address pick names first that takes them, and can be broken in the ways that
// networks break. Its methods are safe for concurrent use.
type Link struct {
	listener net.Listener
	pick     func() []string
	sockets  bool // looks for WebSockets: counts them, and can say things twice

	mu    sync.Mutex
	pairs map[*pair]struct{}
	held  map[string]bool // addresses with which nothing is exchanged, though nobody is told
	shut  map[string]bool // addresses that refuse
	delay time.Duration
	twice float64       // the share of a client's batches that are sent again
	free  chan struct{} // closed and made anew when something is released
	ended bool
	all   sync.WaitGroup
}

// pair is one connection through the link.
type pair struct {
	client, server net.Conn
	target         string
	stuck          bool // half-open: for ever
	socket         bool
}

// NewLink listens on a free address. pick gives addresses in order of preference each time; those of the same rank are mixed.
func NewLink(pick func() []string, sockets bool) (*Link, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	k := &Link{
		listener: l, pick: pick, sockets: sockets, pairs: map[*pair]struct{}{},
		held: map[string]bool{}, shut: map[string]bool{}, free: make(chan struct{}),
	}
	k.all.Go(k.accept)
	return k, nil
}

// Addr is where it listens.
func (k *Link) Addr() string { return k.listener.Addr().String() }

// URL is where it listens, for HTTP.
func (k *Link) URL() string { return "http://" + k.Addr() }

// Close closes it and everything that goes through it.
func (k *Link) Close() {
	k.mu.Lock()
	k.ended = true
	k.mu.Unlock()
	_ = k.listener.Close()
	k.Drop(func(string) bool { return true }, 1)
	k.all.Wait()
}

// Hold stops all that goes to and comes from an address, without closing anything, until Release. An address of "" is all.
func (k *Link) Hold(target string) { k.change(func() { k.held[target] = true }) }

// Shut closes the connections to an address and refuses new ones, until Release.
func (k *Link) Shut(target string) {
	k.change(func() { k.shut[target] = true })
	k.Drop(func(t string) bool { return target == "" || t == target }, 1)
}

// Release ends Hold, Shut, Delay and Twice.
func (k *Link) Release() {
	k.change(func() { clear(k.held); clear(k.shut); k.delay, k.twice = 0, 0 })
}

// Delay makes everything wait that is sent through the link.
func (k *Link) Delay(d time.Duration) { k.change(func() { k.delay = d }) }

// Twice sends this share of the clients' batches a second time.
func (k *Link) Twice(share float64) { k.change(func() { k.twice = share }) }

// Drop closes a share of the connections to matching addresses, and returns how many.
func (k *Link) Drop(match func(target string) bool, share float64) (dropped int) {
	for _, p := range k.some(match, share) {
		_, _ = p.client.Close(), p.server.Close()
		dropped++
	}
	return dropped
}

// HalfOpen forwards nothing more on a share of the connections, and never closes them: both ends have to find out.
func (k *Link) HalfOpen(share float64) (stuck int) {
	chosen := k.some(func(string) bool { return true }, share)
	k.change(func() {
		for _, p := range chosen {
			p.stuck = true
		}
	})
	return len(chosen)
}

// Forget closes the connections that are half-open for good.
func (k *Link) Forget() {
	for _, p := range k.some(func(string) bool { return true }, 1) {
		k.mu.Lock()
		stuck := p.stuck
		k.mu.Unlock()
		if stuck {
			_, _ = p.client.Close(), p.server.Close()
		}
	}
}

// Sockets counts the WebSockets to an address.
func (k *Link) Sockets(target string) (n int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for p := range k.pairs {
		if p.socket && p.target == target {
			n++
		}
	}
	return n
}

func (k *Link) some(match func(string) bool, share float64) (chosen []*pair) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for p := range k.pairs {
		if match(p.target) && rand.Float64() < share {
			chosen = append(chosen, p)
		}
	}
	return chosen
}

func (k *Link) change(f func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f()
	close(k.free)
	k.free = make(chan struct{})
}

func (k *Link) accept() {
	for {
		conn, err := k.listener.Accept()
		if err != nil {
			return
		}
		k.all.Go(func() { k.carry(conn) })
	}
}

func (k *Link) carry(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, target := k.dial()
	if server == nil {
		if tcp, ok := client.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // refused, and not only ended
		}
		return
	}
	defer func() { _ = server.Close() }()
	p := &pair{client: client, server: server, target: target}
	k.mu.Lock()
	if k.ended {
		k.mu.Unlock()
		return
	}
	k.pairs[p] = struct{}{}
	k.mu.Unlock()
	defer func() {
		k.mu.Lock()
		delete(k.pairs, p)
		k.mu.Unlock()
	}()
	back := make(chan struct{})
	go func() {
		defer close(back)
		k.pump(p, server, client, nil)
	}()
	var again *repeater
	if k.sockets {
		again = &repeater{link: k, pair: p}
	}
	k.pump(p, client, server, again)
	<-back
}

// dial takes the first address that answers; those of the list come in any order.
func (k *Link) dial() (net.Conn, string) {
	targets := k.pick()
	for _, i := range rand.Perm(len(targets)) {
		k.mu.Lock()
		shut := k.shut[targets[i]] || k.shut[""]
		k.mu.Unlock()
		if shut {
			continue
		}
		if conn, err := net.DialTimeout("tcp", targets[i], time.Second); err == nil {
			return conn, targets[i]
		}
	}
	return nil, ""
}

// pump copies until either end closes; then it closes both.
func (k *Link) pump(p *pair, from, to net.Conn, again *repeater) {
	defer func() { _, _ = p.client.Close(), p.server.Close() }()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		data := buf[:n]
		if !k.pass(p) {
			return
		}
		if again != nil {
			data = again.take(data)
		}
		if _, err := to.Write(data); err != nil {
			return
		}
	}
}

// pass waits until something may go through; false: never again.
func (k *Link) pass(p *pair) bool {
	for {
		k.mu.Lock()
		held, ended, free, delay := p.stuck || k.held[p.target] || k.held[""], k.ended, k.free, k.delay
		if _, open := k.pairs[p]; !open {
			ended = true
		}
		k.mu.Unlock()
		switch {
		case ended:
			return false
		case !held:
			time.Sleep(delay)
			return true
		}
		select {
		case <-free:
		case <-time.After(time.Second): // the link may have been closed
		}
	}
}

// repeater reads what a client says on a WebSocket and sends some of its batches twice, as a confused network layer, or a client
// that does not know whether it was heard, would.
type repeater struct {
	link   *Link
	pair   *pair
	said   []byte // the last that was said before it became a WebSocket: proxies send several requests on one connection
	socket bool
	rest   []byte // of a frame that is not whole
}

// headMost is the longest head of a request that is looked through.
const headMost = 64 << 10

// take returns what is to be sent for these bytes.
func (r *repeater) take(data []byte) []byte {
	if r.socket {
		return r.frames(data)
	}
	r.said = append(r.said, data...)
	at := bytes.Index(bytes.ToLower(r.said), []byte("\r\nupgrade: websocket\r\n"))
	if at < 0 || !bytes.Contains(r.said[at:], []byte("\r\n\r\n")) {
		r.said = r.said[max(0, len(r.said)-headMost):]
		return data
	}
	r.socket, r.said = true, nil // a client says nothing more before it has the answer
	r.link.mu.Lock()
	defer r.link.mu.Unlock()
	r.pair.socket = true
	return data
}

// frames sends whole frames only.
func (r *repeater) frames(data []byte) (out []byte) {
	r.rest = append(r.rest, data...)
	r.link.mu.Lock()
	twice := r.link.twice
	r.link.mu.Unlock()
	for {
		n, body, mask := frame(r.rest)
		if n == 0 {
			return out
		}
		one := r.rest[:n]
		out = append(out, one...)
		if twice > 0 && rand.Float64() < twice && isBatch(one[body:], mask) {
			out = append(out, one...)
		}
		r.rest = r.rest[n:]
	}
}

// frame finds the first frame of a client in data: its length (0 when it is not whole), where its payload begins, and its mask.
func frame(data []byte) (n, body int, mask []byte) {
	if len(data) < 2 {
		return 0, 0, nil
	}
	size, at := int(data[1]&0x7f), 2
	switch size {
	case 126:
		if len(data) < 4 {
			return 0, 0, nil
		}
		size, at = int(data[2])<<8|int(data[3]), 4
	case 127:
		if len(data) < 10 {
			return 0, 0, nil
		}
		size = 0
		for _, b := range data[2:10] {
			size = size<<8 | int(b)
		}
		at = 10
	}
	if data[1]&0x80 != 0 {
		if len(data) < at+4 {
			return 0, 0, nil
		}
		mask, at = data[at:at+4], at+4
	}
	if size < 0 || len(data) < at+size {
		return 0, 0, nil
	}
	return at + size, at, mask
}

// isBatch reports whether a masked payload holds a batch.
func isBatch(payload, mask []byte) bool {
	if mask == nil {
		return false
	}
	clear := make([]byte, len(payload))
	for i, b := range payload {
		clear[i] = b ^ mask[i%4]
	}
	return bytes.Contains(clear, []byte(`"t":"batch"`))
}
