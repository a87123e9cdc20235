package runner

import (
	"context"
	"os"
	"sync"
)

// endOfFile is what a keyboard sends for the end of input.
const endOfFile = 4

// feed is stdin on its way to a program: in order, and kept until the run stage asks for it. Whoever fills it waits for room.
type feed struct {
	most  int
	mu    sync.Mutex
	queue []byte
	eof   bool
	news  chan struct{} // holds one when there is something to take
	taken chan struct{} // holds one when something was taken
}

func newFeed(most int) *feed {
	return &feed{most: most, news: make(chan struct{}, 1), taken: make(chan struct{}, 1)}
}

func tell(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// add never refuses: see room.
func (f *feed) add(data string, eof bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue = append(f.queue, data...)
	f.eof = f.eof || eof
	tell(f.news)
}

func (f *feed) close() { f.add("", true) }

func (f *feed) crowded() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.queue) > f.most
}

// room waits until the program has taken enough that more may be added. There is one who waits.
func (f *feed) room(ctx context.Context) {
	for f.crowded() {
		select {
		case <-f.taken:
		case <-ctx.Done():
			return
		}
	}
}

// next waits for data; done is true when there will be none any more.
func (f *feed) next(ctx context.Context) (data []byte, done bool) {
	for {
		f.mu.Lock()
		data, eof := f.queue, f.eof
		f.queue = nil
		f.mu.Unlock()
		if len(data) > 0 {
			tell(f.taken)
			return data, false
		}
		if eof {
			return nil, true
		}
		select {
		case <-f.news:
		case <-ctx.Done():
			return nil, true
		}
	}
}

// into is the input of the run stage.
func (f *feed) into(ctx context.Context, w *os.File) {
	defer w.Close()
	stop := context.AfterFunc(ctx, func() { w.Close() })
	defer stop()
	for {
		data, done := f.next(ctx)
		if done {
			return
		}
		if _, err := w.Write(data); err != nil {
			return
		}
	}
}

// typed is the input of a run stage with a terminal, which is closed by whoever opened it.
func (f *feed) typed(ctx context.Context, keyboard *os.File) {
	last := byte('\n')
	for {
		data, done := f.next(ctx)
		if !done {
			if _, err := keyboard.Write(data); err != nil {
				return
			}
			last = data[len(data)-1]
			continue
		}
		if ctx.Err() == nil {
			end := []byte{endOfFile}
			if last != '\n' && last != '\r' { // the first one only ends the line
				end = append(end, endOfFile)
			}
			_, _ = keyboard.Write(end)
		}
		return
	}
}
