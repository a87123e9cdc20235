package runner

// streaming is one stream of a stage on its way to a client of /connect: so many bytes as they come, then only the tail,
// sent when the stage is over.
type streaming struct {
	left int    // bytes that may still be sent at once
	half []byte // the beginning of a character whose end has not come yet
	tail clipped
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
	if now := c.streams[stream].pass(p); len(now) > 0 {
		c.sendLocked(dataMessage{"data", stream, string(now)})
	}
}

func (c *session) exit(name string, r *stageResult) {
	c.sending.Lock()
	defer c.sending.Unlock()
	var cut truncated
	for stream, lost := range map[string]*int64{"stdout": &cut.Stdout, "stderr": &cut.Stderr} {
		var rest []byte
		if rest, *lost = c.streams[stream].end(); len(rest) > 0 {
			c.sendLocked(dataMessage{"data", stream, string(rest)})
		}
	}
	if cut != (truncated{}) {
		r.Truncated = &cut
	}
	c.sendLocked(exitMessage{"exit", name, r})
}
