package run

import (
	"context"
	"sync"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// mostUnread is what may be typed, in bytes, while the program does not ask for input.
const mostUnread = 1 << 20

// Keys are what people type into a program's terminal, on its way there, and the terminal's size.
type Keys struct {
	mu     sync.Mutex
	queue  []byte
	unread int        // typed since the program was last known to have read everything
	size   *wire.Size // nil: nothing new
	wake   chan struct{}
}

func newKeys() *Keys { return &Keys{wake: make(chan struct{}, 1)} }

// typed takes what somebody has typed, or refuses it with "input_full". It calls first before the program can have any of it.
func (k *Keys) typed(data string, first func()) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.unread+len(data) > mostUnread {
		return codecollab.Errorf(codecollab.Limit, "input_full",
			"The program does not read what is typed: %d KiB of it wait already, and no more than %d KiB may. Wait until it reads, or stop it.",
			k.unread>>10, mostUnread>>10)
	}
	first()
	k.unread += len(data)
	k.queue = append(k.queue, data...)
	k.note()
	return nil
}

// allRead says that the program has read everything, since it waits.
func (k *Keys) allRead() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.unread = len(k.queue)
}

func (k *Keys) resize(s wire.Size) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.size = &s
	k.note()
}

// note wakes Next. The caller holds mu.
func (k *Keys) note() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// Next waits for something to pass on: what was typed, a new size, or both. One goroutine may call it.
func (k *Keys) Next(ctx context.Context) (data string, size *wire.Size, err error) {
	for {
		k.mu.Lock()
		data, size = string(k.queue), k.size
		k.queue, k.size = nil, nil
		k.mu.Unlock()
		if data != "" || size != nil {
			return data, size, nil
		}
		select {
		case <-k.wake:
		case <-ctx.Done():
			return "", nil, ctx.Err()
		}
	}
}
