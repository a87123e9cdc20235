package moving

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"strings"
)

// Digest is that of rows in any order: the sum of their hashes. It finds every accident; it is no proof against somebody who forges.
type Digest struct {
	rows int64
	sum  [4]uint64
}

// String is the digest in hexadecimal.
func (d Digest) String() string {
	var b []byte
	for _, part := range d.sum {
		b = binary.BigEndian.AppendUint64(b, part)
	}
	return hex.EncodeToString(b)
}

func (d *Digest) add(sum [sha256.Size]byte) {
	d.rows++
	for i := range d.sum {
		d.sum[i] += binary.BigEndian.Uint64(sum[i*8:])
	}
}

// counter sums up the rows of one table, and for the log those of each room.
type counter struct {
	all    Digest
	rooms  map[int64]*Digest
	hash   hash.Hash
	buffer []byte
}

func newCounter(t table) *counter {
	c := &counter{hash: sha256.New()}
	if t.schema == "rooms" && t.name == "events" {
		c.rooms = map[int64]*Digest{}
	}
	return c
}

func (c *counter) add(r row) {
	c.hash.Reset()
	for _, v := range r {
		switch v := v.(type) {
		case nil:
			c.write('n', nil)
		case int64:
			c.write('i', binary.BigEndian.AppendUint64(nil, uint64(v)))
		case string:
			c.write('t', []byte(clean(v)))
		case []byte:
			c.write('b', v)
		}
	}
	var sum [sha256.Size]byte
	c.hash.Sum(sum[:0])
	c.all.add(sum)
	if c.rooms == nil {
		return
	}
	room, _ := r[0].(int64)
	if c.rooms[room] == nil {
		c.rooms[room] = &Digest{}
	}
	c.rooms[room].add(sum)
}

func (c *counter) write(kind byte, data []byte) {
	c.buffer = append(binary.BigEndian.AppendUint64(c.buffer[:0], uint64(len(data))), kind)
	c.hash.Write(c.buffer)
	c.hash.Write(data)
}

// clean is a text as Postgres can keep it: UTF-8, and without the character zero.
func clean(s string) string {
	if strings.ContainsRune(s, 0) {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
