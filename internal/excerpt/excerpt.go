// Package excerpt keeps the beginning and the end of what a program prints, in bounded memory.
package excerpt

import (
	"bytes"
	"unicode/utf8"

	"codecollab.dev/internal/wire"
)

// Typed is the stream of the marks that say who types (see wire.Chunk). They are kept as a whole or not at all, and are no
// output that could be missing.
const Typed = "typed"

// Excerpt is a program's output as it is kept: the beginning, the end, and how much was between. What it holds is bounded,
// whatever the program prints.
type Excerpt struct {
	HeadMost, TailMost int // bytes

	head, tail Pile
	full       bool // the head is: what comes later must not overtake what went into the tail
	omitted    int64
}

// Add takes a piece of output, which is valid UTF-8.
func (k *Excerpt) Add(stream, data string) {
	if !k.full {
		n := cut(stream, data, k.HeadMost-k.head.sizeWith(stream))
		k.head.Push(stream, data[:n])
		data = data[n:]
		k.full = data != ""
	}
	if data != "" {
		k.tail.Push(stream, data)
		k.omitted += int64(k.tail.Trim(k.TailMost))
	}
}

// Result returns head and tail in order, and how many bytes are missing in all; lost of them were so before they came.
func (k *Excerpt) Result(lost int64) ([]wire.Chunk, int64) {
	lost += k.omitted
	tail := k.tail.Chunks()
	if len(tail) > 0 {
		tail[0].Omitted = lost
	}
	return append(k.head.Chunks(), tail...), lost
}

// cut is the length of the longest beginning of s that has at most n bytes and ends with a whole character.
func cut(stream, s string, n int) int {
	switch {
	case len(s) <= n:
		return len(s)
	case stream == Typed:
		return 0
	}
	for n = max(n, 0); n > 0 && !utf8.RuneStart(s[n]); {
		n--
	}
	return n
}

// Pile is output in order, neighbours of the same stream in one part.
type Pile struct {
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

// Size is what the pile counts against a limit.
func (p *Pile) Size() int { return p.bytes + partCost*max(0, len(p.parts)-1) }

// Empty reports whether there is nothing.
func (p *Pile) Empty() bool { return len(p.parts) == 0 }

// sizeWith is the size once something of a stream has come, without that itself.
func (p *Pile) sizeWith(stream string) int {
	if n := len(p.parts); n > 0 && p.parts[n-1].stream != stream {
		return p.Size() + partCost
	}
	return p.Size()
}

// Push copies data, so that the pile does not hold on to the message that it came in.
func (p *Pile) Push(stream, data string) {
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

// Trim drops the oldest until the pile is no larger than most, whole characters and marks only; it returns how many bytes of
// output that were.
func (p *Pile) Trim(most int) (dropped int) {
	for len(p.parts) > 0 && p.Size() > most {
		first := &p.parts[0]
		n := min(p.Size()-most, len(first.data))
		if first.stream == Typed {
			n = markEnd(first.data, n)
		}
		for n < len(first.data) && !utf8.RuneStart(first.data[n]) {
			n++
		}
		if first.stream != Typed {
			dropped += n
		}
		if n == len(first.data) {
			p.parts = p.parts[1:]
		} else {
			first.data = first.data[n:] // appending moves it to new memory before long
		}
		p.bytes -= n
	}
	return dropped
}

// markEnd is where the mark ends in which position n lies.
func markEnd(marks []byte, n int) int {
	if i := bytes.IndexByte(marks[n-1:], '\n'); i >= 0 {
		return n + i
	}
	return len(marks)
}

// Chunks returns what is there, copied.
func (p *Pile) Chunks() []wire.Chunk {
	out := make([]wire.Chunk, 0, len(p.parts))
	for _, q := range p.parts {
		out = append(out, wire.Chunk{Stream: q.stream, Data: string(q.data)})
	}
	return out
}
