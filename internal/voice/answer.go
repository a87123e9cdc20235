package voice

import (
	"fmt"
	"net/netip"
	"strings"
)

// Way is how packets travel.
type Way string

// The ways of the connection test; the zero value is all of them.
const (
	AllWays   Way = ""
	ByUDP     Way = "udp"
	ByTCP     Way = "tcp"
	ByRelay   Way = "relay"
	forUDP4       = 2130706431 // RFC 8445, 5.1.2.1: host, any preference, component 1
	forTCP4       = 1671430143 // RFC 6544, 4.2: below all of UDP
	component     = 1
	perOther      = 256 // less for each further address
)

// candidates are where people reach this engine, as lines of SDP. Relays are asked for the UDP address.
func (e *Engine) candidates(way Way) []string {
	var out []string
	add := func(transport string, priority int, a netip.Addr, port int, more string) {
		foundation := len(out) + 1
		out = append(out, fmt.Sprintf("a=candidate:%d %d %s %d %s %d typ host%s", foundation, component, transport, priority, a, port, more))
	}
	for i, a := range e.public {
		if e.udpPort != 0 && way != ByTCP {
			add("udp", forUDP4-i*perOther, a, e.udpPort, "")
		}
	}
	if way == ByUDP || way == ByRelay {
		return out
	}
	for i, a := range e.public {
		for j, port := range e.ports {
			add("tcp", forTCP4-(i*len(e.ports)+j)*perOther, a, port, " tcptype passive")
		}
	}
	return out
}

// finish makes the answer that a client gets of Pion's: with the candidates that count, and with how a microphone should sound.
func (e *Engine) finish(answer string, way Way) string {
	var b strings.Builder
	candidates := e.candidates(way)
	first := true
	for line := range strings.SplitSeq(strings.TrimRight(answer, "\r\n"), "\n") {
		line = strings.TrimRight(line, "\r")
		switch {
		case strings.HasPrefix(line, "a=candidate:"), line == "a=end-of-candidates":
			continue
		case strings.HasPrefix(line, "a=fmtp:"):
			kind, _, _ := strings.Cut(line, " ")
			line = kind + " " + opusFormat(e.opt.Bitrate)
		}
		b.WriteString(line)
		b.WriteString("\r\n")
		if strings.HasPrefix(line, "a=mid:") && first {
			first = false // bundled: the candidates of the first section are those of all
			for _, c := range candidates {
				b.WriteString(c + "\r\n")
			}
			b.WriteString("a=end-of-candidates\r\n")
		}
	}
	return b.String()
}
