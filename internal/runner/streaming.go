package runner

import "time"

// streaming is one stream of a stage on its way to a client of /connect: so many bytes as they come, then only the tail,
// sent when the stage is over. Who talks with the program gets the tail earlier, and goes on: see renew.
type streaming struct {
	left  int    // bytes that may still be sent at once
	half  []byte // the beginning of a character whose end has not come yet
	tail  clipped
	lost  int64       // bytes that were left out before the last renewal
	later *time.Timer // will renew; nil when there is no need
}

// renewEvery is how often a flood is shown a piece of, to who talks with the program.
const renewEvery = time.Second

// renew gives what lies there to be sent now, and room for more.
func (s *streaming) renew(left int) []byte {
	rest, lost := s.end()
	s.lost += lost
	s.left, s.half, s.tail = left, nil, clipped{keep: s.tail.keep}
	s.calm()
	if lost == 0 { // a character may still be cut
		whole := wholeRunes(rest)
		s.half = append([]byte(nil), rest[whole:]...)
		rest = rest[:whole]
	}
	return rest
}

// calm stops what would renew later.
func (s *streaming) calm() {
	if s.later != nil {
		s.later.Stop()
		s.later = nil
	}
}

// pass takes what a program printed and gives what can be sent now. It never cuts a character in two.
func (s *streaming) pass(p []byte) []byte {
	n := min(s.left, len(p))
	s.left -= n
	now := append(s.half, p[:n]...)
	s.half = nil
	whole := wholeRunes(now)
	if n < len(p) {
		s.tail.write(now[whole:])
		s.tail.write(p[n:])
		return now[:whole]
	}
	s.half = append([]byte(nil), now[whole:]...)
	return now[:whole]
}

// end gives what is left to be sent, and how many bytes never will be.
func (s *streaming) end() ([]byte, int64) {
	if s.tail.lost == 0 {
		return append(s.half, append(s.tail.head, s.tail.rest()...)...), 0
	}
	return append(s.half, s.tail.String()...), s.tail.lost
}

// stage, data and exit make a session a sink.
func (c *session) stage(name string) {
	c.sending.Lock()
	defer c.sending.Unlock()
	o := c.server.options
	c.streams = map[string]*streaming{}
	for _, stream := range []string{"stdout", "stderr"} {
		c.streams[stream] = &streaming{left: o.StreamMax, tail: clipped{keep: o.KeepOutput}}
	}
	c.sendLocked(stageMessage{"stage", name})
}

func (c *session) data(stream string, p []byte) {
	c.sending.Lock()
	defer c.sending.Unlock()
	st := c.streams[stream]
	if now := st.pass(p); len(now) > 0 {
		c.sendLocked(dataMessage{"data", stream, string(now)})
	}
	if c.interactive && st.left == 0 && st.later == nil {
		st.later = time.AfterFunc(renewEvery, func() {
			c.sending.Lock()
			defer c.sending.Unlock()
			if st.later != nil {
				c.renew(stream, st, c.server.options.KeepOutput)
			}
		})
	}
}

func (c *session) renew(stream string, st *streaming, left int) {
	if rest := st.renew(left); len(rest) > 0 {
		c.sendLocked(dataMessage{"data", stream, string(rest)})
	}
}

// waits is told when the program begins and ends to wait for input. What it printed before is seen first.
func (c *session) waits(waiting bool) {
	c.sending.Lock()
	defer c.sending.Unlock()
	for _, stream := range []string{"stdout", "stderr"} {
		c.renew(stream, c.streams[stream], c.server.options.StreamMax)
	}
	c.sendLocked(waitingMessage{"waiting", waiting})
}

func (c *session) exit(name string, r *stageResult) {
	c.sending.Lock()
	defer c.sending.Unlock()
	var cut truncated
	for stream, lost := range map[string]*int64{"stdout": &cut.Stdout, "stderr": &cut.Stderr} {
		var rest []byte
		c.streams[stream].calm()
		rest, *lost = c.streams[stream].end()
		*lost += c.streams[stream].lost
		if len(rest) > 0 {
			c.sendLocked(dataMessage{"data", stream, string(rest)})
		}
	}
	if cut != (truncated{}) {
		r.Truncated = &cut
	}
	c.sendLocked(exitMessage{"exit", name, r})
}
