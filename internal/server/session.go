package server

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/trace"
	"codecollab.dev/internal/voice"
	"codecollab.dev/internal/wire"
)

// link carries frames to and from one client. Read and Write are used by one goroutine each.
type link interface {
	// Read returns the next frame. errTooLarge tells of one that was too large; the link goes on.
	Read(ctx context.Context) ([]byte, error)
	Write(ctx context.Context, frame []byte) error
	// Close ends the link; reason is for people who debug.
	Close(reason string)
}

var errTooLarge = errors.New("frame too large")

const (
	joinWithin   = 10 * time.Second
	maxThrottle  = 2 * time.Second // a client is slowed down by this much before it is told
	frameBytes   = 256 << 10       // what is written at once to one who is behind
	maxReplies   = 1000            // answers that wait for a client which does not read
	restartRetry = 250             // ms, after a planned stop
)

// session is one connection of one person to one room.
type session struct {
	server *Server
	link   link
	roomID string
	room   *room.Room
	conn   *room.Conn
	// visitor is the person as they were at the last try to come in.
	visitor room.Visitor
	chair   voice.Chair
	limit   *rate.Limiter
	id      auth.Identity
	request string // that opened it, for the log
	cancel  context.CancelFunc
	over    chan struct{} // closed when id does not count any more

	mu       sync.Mutex
	replies  [][]byte // answers to this client alone
	noted    chan struct{}
	flooded  bool
	echoes   echoes
	signedIn bool // why it is over: the guest is somebody with an account now
	moving   bool // or this: the node is being stopped, and others are there
}

// serve runs a connection from its first message to its end. denied is why there is none.
func (s *Server) serve(ctx context.Context, l link, roomID string, id auth.Identity, denied error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &session{
		server: s, link: l, roomID: roomID, noted: make(chan struct{}, 1),
		limit: rate.NewLimiter(rate.Limit(s.opt.BatchesPerSec), s.opt.BatchBurst),
		id:    id, request: answer.RequestOf(ctx), cancel: cancel, over: make(chan struct{}),
	}
	if denied != nil {
		c.refuse(ctx, denied)
		return
	}
	s.connected.add(c)
	defer s.connected.remove(c)
	first, err := c.join(ctx)
	if err != nil {
		c.refuse(ctx, err)
		return
	}
	defer c.conn.Leave()
	defer c.stand()
	defer c.lost()
	s.sessions.Go(func() { s.visited(context.WithoutCancel(ctx), roomID, id.Person, string(c.conn.Role())) })
	var writing sync.WaitGroup
	writing.Go(func() {
		defer cancel()
		c.write(ctx, first)
	})
	c.read(ctx)
	cancel()
	writing.Wait()
}

// join waits for the first message and enters the room.
func (c *session) join(ctx context.Context) ([][]byte, error) {
	within, cancel := context.WithTimeout(ctx, joinWithin)
	defer cancel()
	frame, err := c.link.Read(within)
	if err != nil {
		return nil, err
	}
	lines := wire.SplitFrame(frame)
	if len(lines) == 0 {
		return nil, errNotJoined()
	}
	m, err := wire.ParseClient(lines[0])
	if err != nil {
		return nil, err
	}
	j, ok := m.(*wire.Join)
	if !ok {
		return nil, errNotJoined()
	}
	// What has ended between the request and here was told to nobody.
	if err := c.server.opt.Gate.Again(ctx, c.id); err != nil {
		return nil, err
	}
	c.server.opt.Watch.Joined(j.Resume != nil)
	joined, err := c.enter(ctx, j)
	if codecollab.CodeOf(err) == "waiting" {
		joined, err = c.wait(ctx, j)
	}
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.conn, c.visitor = joined.Conn, room.Visitor{} // which is not kept for as long as the connection
	c.mu.Unlock()
	c.sit()
	for _, line := range lines[1:] {
		c.handle(ctx, line)
	}
	return joined.First, nil
}

// enter takes the person into the room, as far as is known of them at this moment.
func (c *session) enter(ctx context.Context, j *wire.Join) (joined *room.Joined, err error) {
	s := c.server
	err = s.opt.Rooms.Use(ctx, c.roomID, func(r *room.Room) error {
		c.room = r
		key := j.Key
		if !c.id.Has(auth.ScopeRooms) {
			key = "" // with an API token that is only for looking nobody becomes a member by a link
		}
		if c.visitor, err = s.visitor(ctx, r, c.id, key); err != nil {
			return err
		}
		c.visitor.Session = randomID(10)
		if c.visitor.Keys, err = s.opt.Keeper.Links(ctx, c.roomID); err != nil {
			return err
		}
		joined, err = r.Join(ctx, c.visitor, j, s.opt.Build, int(s.opt.Heartbeat.Milliseconds()))
		return err
	})
	if err == nil {
		s.settled(ctx, c.roomID, c.id, c.visitor)
	}
	return joined, err
}

func errNotJoined() error {
	return codecollab.Errorf(codecollab.Invalid, "not_joined", "The first message on a connection is \"join\".")
}

// refuse ends a connection that could not join, or may not stay.
func (c *session) refuse(ctx context.Context, err error) {
	if ctx.Err() == nil && !isGone(err) {
		e := c.server.refusal(err, 0, "room", c.roomID, "request", c.request)
		e.Fatal = true
		if frame, err := wire.Marshal(e); err == nil {
			_ = c.send(ctx, [][]byte{frame})
		}
		c.link.Close(e.Code)
		return
	}
	c.link.Close("no join")
}

// gone marks the errors of a link that has ended: nobody is there to be told.
type gone struct{ error }

func isGone(err error) bool {
	_, ok := errors.AsType[gone](err)
	return ok || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// read takes the client's messages until the link ends or has been silent for too long.
func (c *session) read(ctx context.Context) {
	silence := 4 * c.server.opt.Heartbeat
	for {
		within, cancel := context.WithTimeout(ctx, silence)
		frame, err := c.link.Read(within)
		cancel()
		if errors.Is(err, errTooLarge) {
			c.reply(c.server.refusal(codecollab.Errorf(codecollab.Limit, "too_large",
				"The message is larger than %d bytes. Paste or send it in smaller parts.", c.server.opt.BatchBytes), 0))
			continue
		}
		if err != nil {
			c.link.Close("read ended")
			return
		}
		c.server.opt.Watch.Bytes(len(frame), 0)
		for _, line := range wire.SplitFrame(frame) {
			c.handle(ctx, line)
		}
	}
}

// handle deals with one message after join.
func (c *session) handle(ctx context.Context, line []byte) {
	if c.isOver() {
		return
	}
	m, err := wire.ParseClient(line)
	if err != nil {
		c.reply(c.server.refusal(err, wire.SeqOf(line)))
		return
	}
	switch m := m.(type) {
	case *wire.Batch:
		c.batch(ctx, m)
	case *wire.SetPresence:
		if err := c.conn.SetPresence(m); err != nil {
			c.reply(c.server.refusal(err, 0))
		}
	case *wire.Profile:
		c.conn.SetProfile(m.Name, m.Color)
	case *wire.Stop:
		c.stop(m)
	case *wire.Bring:
		c.bring(ctx)
	case *wire.Input:
		c.input(ctx, m)
	case *wire.Resize:
		c.resize(ctx, m)
	case *wire.Check:
		if diverged, moved := c.conn.Check(m); !moved {
			c.server.opt.Watch.Checked(len(diverged))
			c.reply(&wire.Checked{Version: m.Version, Diverged: diverged})
		}
	case *wire.VoiceAsk, *wire.VoiceOffer, *wire.VoiceMute, *wire.VoiceLeave:
		c.chair.Handle(m)
	case *wire.Ping:
		c.reply(&wire.Pong{})
	case *wire.Join:
		c.reply(c.server.refusal(codecollab.Errorf(codecollab.Invalid, "bad_message", "This connection has joined already."), 0))
	}
}

// pace waits for as long as the rate limit asks for. false: too much has come, which was told, or the connection has ended.
func (c *session) pace(ctx context.Context, seq int64) bool {
	hold := c.limit.Reserve()
	if d := hold.Delay(); d > maxThrottle {
		hold.Cancel()
		c.reply(c.server.refusal(codecollab.Errorf(codecollab.Limit, "slow_down",
			"More than %v messages a second come from here. Edits are kept and sent more slowly.", c.server.opt.BatchesPerSec), seq))
		return false
	} else if d > 0 {
		select {
		case <-time.After(d):
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// maxInput is how much may be typed with one message, in bytes.
const maxInput = 64 << 10

// mayRun refuses what only those may do who may run programs.
func (c *session) mayRun() bool {
	err := c.id.Need(auth.ScopeRun)
	if err == nil {
		err = c.conn.May(rights.Run)
	}
	if err != nil {
		c.reply(c.server.refusal(err, 0))
	}
	return err == nil
}

// stop ends a run.
func (c *session) stop(m *wire.Stop) {
	if c.mayRun() && !c.server.opt.Runs.Stop(c.roomID, m.Run, c.conn.Author().Person) {
		c.reply(c.server.refusal(codecollab.Errorf(codecollab.NotFound, "no_run", "Run %d is not going on.", m.Run), 0))
	}
}

// bring asks the others to come to where this person is.
func (c *session) bring(ctx context.Context) {
	if !c.pace(ctx, 0) {
		return
	}
	if err := c.conn.Bring(); err != nil {
		c.reply(c.server.refusal(err, 0))
	}
}

// input types into a run's terminal.
func (c *session) input(ctx context.Context, m *wire.Input) {
	if !c.pace(ctx, 0) || m.Data == "" || !c.mayRun() {
		return
	}
	err := error(nil)
	if len(m.Data) > maxInput {
		err = codecollab.Errorf(codecollab.Limit, "input_full",
			"%d KiB of input came at once, and one message may have %d. Paste it in smaller parts.", len(m.Data)>>10, maxInput>>10)
	} else {
		c.conn.Typing(m.Run)
		err = c.server.opt.Runs.Type(c.roomID, m.Run, c.conn.Author().Person, m.Data)
	}
	if err != nil {
		c.reply(c.server.refusal(err, 0))
	}
}

// resize changes the size of a terminal whose run this person has asked for.
func (c *session) resize(ctx context.Context, m *wire.Resize) {
	if !c.pace(ctx, 0) || !c.mayRun() {
		return
	}
	if size, ok := c.conn.Resize(m); ok {
		c.server.opt.Runs.Resize(c.roomID, m.Run, size)
	}
}

// batchScope is what an API token has to be for that sends a batch.
func batchScope(m *wire.Batch) auth.Scope {
	if _, ok := m.Body.Payload.(*wire.Run); ok {
		return auth.ScopeRun
	}
	return auth.ScopeRooms
}

// batch submits an edit or command, after the wait that the rate limit asks for.
func (c *session) batch(ctx context.Context, m *wire.Batch) {
	received := time.Now()
	if !c.pace(ctx, m.Seq) {
		c.server.opt.Watch.Edit(Edit{Kind: kindOf(m), Code: "slow_down", Received: received})
		return
	}
	if err := c.id.Need(batchScope(m)); err != nil {
		c.reply(c.server.refusal(err, m.Seq))
		c.server.opt.Watch.Edit(Edit{Kind: kindOf(m), Code: refusalCode(err), Received: received})
		return
	}
	span := c.server.opt.Trace.Begin("edit", trace.From{At: received})
	at := &room.Stages{}
	c.room.SubmitTimed(c.conn.Author(), m, at, func(v codecollab.Version, again bool, err error) {
		switch {
		case err != nil:
			c.reply(c.server.refusal(err, m.Seq, "room", c.roomID, "request", c.request))
		case again:
			c.reply(&wire.Ack{Seq: m.Seq, Version: v})
		}
		c.done(m, span, received, at, v, again, err)
	})
}

// reply queues an answer to this client alone. It never blocks; a client that does not read its answers is cut off.
func (c *session) reply(m wire.Message) {
	frame, err := wire.Marshal(m)
	if err != nil {
		c.server.opt.Log.Error("message cannot be encoded", "type", m.Type(), "err", err)
		return
	}
	c.mu.Lock()
	if len(c.replies) >= maxReplies {
		c.flooded = true
	} else {
		c.replies = append(c.replies, frame)
	}
	c.mu.Unlock()
	select {
	case c.noted <- struct{}{}:
	default:
	}
}

func (c *session) takeReplies() (frames [][]byte, flooded bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	frames, c.replies = c.replies, nil
	return frames, c.flooded
}

// write sends what the client is to get: first what it missed, then whatever the room's tail brings, answers behind the
// events that came before them.
func (c *session) write(ctx context.Context, first [][]byte) {
	frames := first
	var reached codecollab.Version // the newest version among the frames
	var durable time.Time          // since when the earliest was
	for {
		if len(frames) > 0 {
			if err := c.send(ctx, frames); err != nil {
				c.link.Close("write failed")
				return
			}
			c.wrote(reached, durable)
		}
		tail, wait, ok := c.conn.Read(frameBytes)
		reached, durable = c.conn.Reached()
		replies, flooded := c.takeReplies()
		if !ok || flooded {
			c.bye(ctx, "slow", 0)
			return
		}
		if frames = append(tail, replies...); len(frames) > 0 {
			continue
		}
		select {
		case <-wait:
		case <-c.noted:
		case <-c.conn.Ended():
			c.putOut(ctx)
			return
		case <-c.over:
			c.farewell(ctx)
			return
		case <-c.server.ctx.Done():
			c.bye(ctx, "restart", restartRetry)
			return
		case <-ctx.Done():
			return
		}
	}
}

// farewell tells why the connection is over: this node stops, or its person has signed in and comes back as somebody with an account,
// or is signed out.
func (c *session) farewell(ctx context.Context) {
	switch {
	case c.moving:
		c.bye(ctx, "moving", 0)
	case c.signedIn:
		c.bye(ctx, "signed_in", signInRetry)
	default:
		c.refuse(ctx, auth.ErrSignedOut())
	}
}

// send writes frames, in one go where they are small. A client that takes nothing for as long as it may be silent has
// gone.
func (c *session) send(ctx context.Context, frames [][]byte) error {
	ctx, cancel := context.WithTimeout(ctx, 4*c.server.opt.Heartbeat)
	defer cancel()
	frame := wire.JoinFrame(frames)
	c.server.opt.Watch.Bytes(0, len(frame))
	return c.link.Write(ctx, frame)
}

// putOut tells why the room has ended the connection.
func (c *session) putOut(ctx context.Context) {
	why := c.conn.Why()
	if why == nil {
		c.bye(ctx, "replaced", 0)
		return
	}
	c.refuse(ctx, why)
}

func (c *session) bye(ctx context.Context, reason string, retry int) {
	if frame, err := wire.Marshal(&wire.Bye{Reason: reason, Retry: retry}); err == nil {
		_ = c.send(ctx, [][]byte{frame})
	}
	c.link.Close(reason)
}
