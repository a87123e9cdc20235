package sandbox

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"sync"
)

// With process 1 of a container the supervisor speaks over the container's standard streams: an OCI runtime may hand on no other descriptor, and none
// can be sent to another kernel. A frame is one byte of kind, four of length, and the body. Requests and replies are those of a cell; what programs
// read and write comes in frames of its own.
const (
	frameRequest = 'r' // JSON; to the keeper
	frameInput   = 'i' // the stage's number, one byte, and some of its input; no bytes: the end. To the keeper
	frameTaken   = 't' // the input has been taken, more may come; from the keeper
	frameReply   = 'a' // JSON; from the keeper
	frameOut     = 'o' // from the keeper
	frameErr     = 'e' // from the keeper
	frameWaiting = 'w' // one byte, 1 or 0: whether the program waits for input; from the keeper
)

// frames writes frames, one at a time.
type frames struct {
	mu sync.Mutex
	w  io.Writer
}

func (f *frames) write(kind byte, body []byte) error {
	if len(body) > maxFrame {
		return fmt.Errorf("message of %d bytes is over the limit of %d", len(body), maxFrame)
	}
	whole := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)))
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := f.w.Write(append(whole, body...))
	return err
}

func (f *frames) writeJSON(kind byte, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return f.write(kind, body)
}

func readFrame(r io.Reader) (kind byte, body []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.BigEndian.Uint32(head[1:])
	if size > maxFrame {
		return 0, nil, fmt.Errorf("message of %d bytes is over the limit of %d", size, maxFrame)
	}
	body = make([]byte, size)
	_, err = io.ReadFull(r, body)
	return head[0], body, err
}

// copyFrames sends all that r gives, until it ends.
func (f *frames) copyFrames(kind byte, r io.Reader) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := r.Read(buffer)
		if n > 0 && f.write(kind, buffer[:n]) != nil || err != nil {
			return
		}
	}
}
