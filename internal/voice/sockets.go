package voice

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

// Pion believes that everything comes in on the loopback addresses: the real ones, which people get in answers, are written by
// answer.go. So any address, port mapping or network in between can be told to them, and one socket serves all of this machine's.
var (
	inside4 = net.IPv4(127, 0, 0, 1)
	inside6 = net.IPv6loopback
)

// udpSocket is a UDP socket that says to be bound to a loopback address.
type udpSocket struct {
	*net.UDPConn
	as net.UDPAddr
}

// LocalAddr implements net.PacketConn.
func (s *udpSocket) LocalAddr() net.Addr { a := s.as; return &a }

// reach is where the socket is reached on this machine.
func (s *udpSocket) reach() net.UDPAddr {
	at := *s.UDPConn.LocalAddr().(*net.UDPAddr)
	if at.IP.IsUnspecified() {
		at.IP = s.as.IP
	}
	return at
}

// ReadFromAddrPort implements ice.AddrPortReaderWriter.
func (s *udpSocket) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	return s.ReadFromUDPAddrPort(b)
}

// WriteToAddrPort implements ice.AddrPortReaderWriter.
func (s *udpSocket) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	return s.WriteToUDPAddrPort(b, to)
}

const socketBuffer = 4 << 20 // bytes: some 20,000 packets, so that a short pause loses none

// openUDP opens the port for IPv4 and for IPv6, as far as this machine has them.
func openUDP(addr string) (sockets []*udpSocket, err error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("the address for voice by UDP, %q, is not host:port: %w", addr, err)
	}
	var errs []error
	for _, network := range networksOf("udp", host) {
		conn, err := net.ListenPacket(network, net.JoinHostPort(host, port))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		udp := conn.(*net.UDPConn)
		_ = udp.SetReadBuffer(socketBuffer) // as far as the system allows
		_ = udp.SetWriteBuffer(socketBuffer)
		at := udp.LocalAddr().(*net.UDPAddr)
		as := net.UDPAddr{IP: inside4, Port: at.Port}
		if network == "udp6" {
			as.IP = inside6
		}
		sockets = append(sockets, &udpSocket{UDPConn: udp, as: as})
		port = strconv.Itoa(at.Port) // the same one for both, also when it was chosen by the system
	}
	if len(sockets) == 0 {
		return nil, fmt.Errorf("voice cannot listen on UDP %s: %w", addr, errors.Join(errs...))
	}
	return sockets, nil
}

// networksOf are the networks of an address: both where it is none.
func networksOf(network, host string) []string {
	ip, err := netip.ParseAddr(host)
	switch {
	case err != nil || ip.IsUnspecified() && ip.Is6():
		return []string{network + "4", network + "6"}
	case ip.Is4():
		return []string{network + "4"}
	}
	return []string{network + "6"}
}

// feed is a listener whose connections come from elsewhere: from a socket of its own, and from ports that others share with voice.
type feed struct {
	conns chan net.Conn
	room  chan struct{} // one for each connection that is open
	once  sync.Once
	ended chan struct{}
	port  int
}

func newFeed(most, port int) *feed {
	return &feed{conns: make(chan net.Conn), room: make(chan struct{}, most), ended: make(chan struct{}), port: port}
}

// Accept implements net.Listener.
func (f *feed) Accept() (net.Conn, error) {
	select {
	case c := <-f.conns:
		return c, nil
	case <-f.ended:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (f *feed) Close() error {
	f.once.Do(func() { close(f.ended) })
	return nil
}

// Addr implements net.Listener.
func (f *feed) Addr() net.Addr { return &net.TCPAddr{IP: inside4, Port: f.port} }

// put hands a connection in, or closes it when there are too many.
func (f *feed) put(c net.Conn) {
	select {
	case f.room <- struct{}{}:
	default:
		_ = c.Close()
		return
	}
	fed := &fedConn{Conn: c, feed: f}
	select {
	case f.conns <- fed:
	case <-f.ended:
		_ = fed.Close()
	}
}

// from puts in what a listener accepts, until it is closed.
func (f *feed) from(l net.Listener) {
	for {
		c, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(10 * time.Millisecond) // no file descriptors left, for example
			continue
		}
		go f.put(c)
	}
}

type fedConn struct {
	net.Conn
	feed *feed
	once sync.Once
}

// Close implements net.Conn.
func (c *fedConn) Close() error {
	c.once.Do(func() { <-c.feed.room })
	return c.Conn.Close()
}

// LocalAddr implements net.Conn: see inside4.
func (c *fedConn) LocalAddr() net.Addr {
	as := inside4
	if at, ok := c.Conn.RemoteAddr().(*net.TCPAddr); ok && at.IP.To4() == nil {
		as = inside6
	}
	return &net.TCPAddr{IP: as, Port: c.feed.port}
}

// ownAddresses are the addresses of this machine that others can reach: that which it listens on, or all but loopback; loopback
// when there is no other.
func ownAddresses(listen string) []netip.Addr {
	if host, _, err := net.SplitHostPort(listen); err == nil {
		if ip, err := netip.ParseAddr(host); err == nil && !ip.IsUnspecified() {
			return []netip.Addr{ip}
		}
		if host == "localhost" {
			return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}
		}
	}
	var all []netip.Addr
	found, _ := net.InterfaceAddrs()
	for _, a := range found {
		if n, ok := a.(*net.IPNet); ok {
			ip, ok := netip.AddrFromSlice(n.IP)
			if ip = ip.Unmap(); ok && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() {
				all = append(all, ip)
			}
		}
	}
	if len(all) == 0 {
		all = append(all, netip.AddrFrom4([4]byte{127, 0, 0, 1}))
	}
	return all
}
