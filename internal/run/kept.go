package run

import (
	"unicode/utf8"

	"codecollab.dev/internal/wire"
)

// kept is a program's output as its result keeps it: the beginning, the end, and how much was between. What it holds is
// bounded, whatever the program prints.
type kept struct {
	head, tail pile
	full       bool // the head is: what comes later must not overtake what went into the tail
	headMost   int
	tailMost   int
	omitted    int64
}

func (k *kept) add(stream, data string) {
	if !k.full {
		n := cut(data, k.headMost-k.head.sizeWith(stream))
		k.head.push(stream, data[:n])
		data = data[n:]
		k.full = data != ""
	}
	if data != "" {
		k.tail.push(stream, data)
		k.omitted += int64(k.tail.trim(k.tailMost))
	}
}

// result returns head and tail in order, and how many bytes are missing in all; lost of them were so before they came.
func (k *kept) result(lost int64) ([]wire.Chunk, int64) {
	lost += k.omitted
	tail := k.tail.chunks()
	if len(tail) > 0 {
		tail[0].Omitted = lost
	}
	return append(k.head.chunks(), tail...), lost
}

// cut is the length of the longest beginning of s that has at most n bytes and ends with a whole character.
func cut(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for n = max(n, 0); n > 0 && !utf8.RuneStart(s[n]); {
		n--
	}
	return n
}

// pile is output in order, neighbours of the same stream in one part.
type pile struct {
	parts []part
	bytes int
}

type part struct {
	stream string
	data   []byte
}

// partCost is what a change of stream counts, in bytes. Without it, a program that writes single bytes to stdout and stderr
// in turn would make results fifty times as large as what they hold.
const partCost = 32

// size is what the pile counts against a limit.
func (p *pile) size() int { return p.bytes + partCost*max(0, len(p.parts)-1) }

// sizeWith is the size once something of a stream has come, without that itself.
func (p *pile) sizeWith(stream string) int {
	if n := len(p.parts); n > 0 && p.parts[n-1].stream != stream {
		return p.size() + partCost
	}
	return p.size()
}

// push copies data, so that the pile does not hold on to the message that it came in.
func (p *pile) push(stream, data string) {
	if data == "" {
		return
	}
	p.bytes += len(data)
	if n := len(p.parts); n > 0 && p.parts[n-1].stream == stream {
		p.parts[n-1].data = append(p.parts[n-1].data, data...)
		return
	}
	p.parts = append(p.parts, part{stream, []byte(data)})
}

// trim drops the oldest until the pile is no larger than most, whole characters only; it returns how many bytes that were.
func (p *pile) trim(most int) (dropped int) {
	for len(p.parts) > 0 && p.size() > most {
		first := &p.parts[0]
		n := min(p.size()-most, len(first.data))
		for n < len(first.data) && !utf8.RuneStart(first.data[n]) {
			n++
		}
		if n == len(first.data) {
			p.parts = p.parts[1:]
		} else {
			first.data = first.data[n:] // appending moves it to new memory before long
		}
		p.bytes -= n
		dropped += n
	}
	return dropped
}

func (p *pile) chunks() []wire.Chunk {
	out := make([]wire.Chunk, 0, len(p.parts))
	for _, q := range p.parts {
		out = append(out, wire.Chunk{Stream: q.stream, Data: string(q.data)})
	}
	return out
}
