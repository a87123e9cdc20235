package voice

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// call is the WebRTC connection of one client.
type call struct {
	engine *Engine
	pc     *webrtc.PeerConnection
	way    Way
	echo   bool
	slots  []*slot
	src    *source
	hears  func(now time.Time) // called for each packet that may be passed on, before it is
	lost   func(bool)          // nothing has come for a while, or something has again
	gone   func()              // the connection is over, and will not come back

	mu       sync.Mutex // one offer at a time
	sections int
	track    atomic.Bool
	up       atomic.Bool
	toThem   struct { // what listeners report of what they get
		lost   atomic.Int64
		jitter atomic.Uint32
	}
}

// upWithin is how long a client has to reach us after the answer.
const (
	upWithin     = 20 * time.Second
	gatherWithin = 3 * time.Second
)

// callOptions are what a call is made with.
type callOptions struct {
	way   Way
	echo  bool
	slots int // at most
	src   *source
	hears func(now time.Time)
	lost  func(bool)
	gone  func()
}

// call answers an offer. Errors: "bad_sdp".
func (e *Engine) call(offer string, opt callOptions) (c *call, answer string, err error) {
	s, err := checkOffer(offer, opt.echo)
	if err != nil {
		return nil, "", err
	}
	c = &call{engine: e, way: opt.way, echo: opt.echo, src: opt.src, hears: opt.hears, lost: opt.lost, gone: opt.gone, sections: s.receives}
	c.pc, err = e.api.NewPeerConnection(webrtc.Configuration{
		Certificates: []webrtc.Certificate{e.cert}, BundlePolicy: webrtc.BundlePolicyMaxBundle, RTCPMuxPolicy: webrtc.RTCPMuxPolicyRequire,
	})
	if err != nil {
		return nil, "", err
	}
	pc := c.pc
	defer func() {
		if err != nil {
			_ = pc.Close()
		}
	}()
	transceivers, err := c.addSlots(min(s.receives, opt.slots))
	if err != nil {
		return nil, "", err
	}
	c.watch()
	if answer, err = c.negotiate(offer); err != nil {
		return nil, "", err
	}
	for i, t := range transceivers {
		c.slots[i].mid = t.Mid()
		go c.listenTo(t.Sender())
	}
	return c, answer, nil
}

func (c *call) addSlots(n int) (all []*webrtc.RTPTransceiver, err error) {
	if c.echo {
		n = 1
	}
	for i := range n {
		s := &slot{id: fmt.Sprintf("slot%d", i)}
		way := webrtc.RTPTransceiverDirectionSendonly
		if c.echo {
			way = webrtc.RTPTransceiverDirectionSendrecv
			s.from, s.fresh = c.src, true
			c.src.outs.Store(&[]*slot{s})
		}
		t, err := c.pc.AddTransceiverFromTrack(s, webrtc.RTPTransceiverInit{Direction: way})
		if err != nil {
			return nil, err
		}
		c.slots = append(c.slots, s)
		all = append(all, t)
	}
	return all, nil
}

// watch listens to what becomes of the connection.
func (c *call) watch() {
	late := time.AfterFunc(upWithin, func() {
		if !c.up.Load() {
			c.gone()
		}
	})
	c.pc.OnICEConnectionStateChange(func(s webrtc.ICEConnectionState) {
		switch s {
		case webrtc.ICEConnectionStateConnected, webrtc.ICEConnectionStateCompleted:
			late.Stop()
			c.up.Store(true)
			c.lost(false)
		case webrtc.ICEConnectionStateDisconnected:
			c.lost(true)
		case webrtc.ICEConnectionStateFailed, webrtc.ICEConnectionStateClosed:
			late.Stop()
			c.gone()
		}
	})
	c.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateFailed || s == webrtc.PeerConnectionStateClosed {
			c.gone()
		}
	})
	c.pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
		if c.track.CompareAndSwap(false, true) {
			c.receive(t, r)
		}
	})
}

// negotiate answers the first offer, or one for new addresses.
func (c *call) negotiate(offer string) (answer string, err error) {
	defer func() {
		if p := recover(); p != nil { // whatever a stranger writes may end a call, and nothing else
			c.engine.opt.Log.Error("an offer broke the answering of it", "panic", p, "stack", string(debug.Stack()))
			answer, err = "", errSDP("it is of a kind that this server does not know")
		}
	}()
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", errSDP(short(err))
	}
	made, err := c.pc.CreateAnswer(nil)
	if err != nil {
		return "", errSDP(short(err))
	}
	gathered := webrtc.GatheringCompletePromise(c.pc)
	if err := c.pc.SetLocalDescription(made); err != nil {
		return "", errSDP(short(err))
	}
	ctx, cancel := context.WithTimeout(context.Background(), gatherWithin)
	defer cancel()
	select {
	case <-gathered:
	case <-ctx.Done():
	}
	return c.engine.finish(c.pc.LocalDescription().SDP, c.way), nil
}

// short is an error of the library's, without what somebody may have written into it at length.
func short(err error) string {
	text := []rune(err.Error())
	return string(text[:min(len(text), 100)])
}

// restart answers an offer for new addresses. Errors: "bad_sdp".
func (c *call) restart(offer string) (answer string, err error) {
	s, err := checkOffer(offer, c.echo)
	if err != nil {
		return "", err
	}
	if s.receives != c.sections {
		return "", errSDP("it has other sections than the first offer of this call")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.negotiate(offer)
}

// receive passes on what comes from the microphone, until the connection ends.
func (c *call) receive(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	level := levelID(r)
	buf := make([]byte, 1500)
	var p rtp.Packet
	for {
		n, _, err := t.Read(buf)
		if err != nil {
			return
		}
		p = rtp.Packet{}
		if p.Unmarshal(buf[:n]) != nil {
			continue
		}
		now := time.Now()
		var loud uint8
		ext := p.GetExtension(level)
		if len(ext) > 0 {
			loud = ext[0]
		}
		if !c.src.take(&p, loud, len(ext) > 0, now) {
			continue
		}
		c.hears(now)
		c.src.forward(&p, now)
	}
}

// levelID is the number of the header extension with the audio level, in this connection; 0 when there is none.
func levelID(r *webrtc.RTPReceiver) uint8 {
	for _, x := range r.GetParameters().HeaderExtensions {
		if x.URI == levelURI {
			return uint8(x.ID)
		}
	}
	return 0
}

// listenTo takes the reports of a listener about one slot.
func (c *call) listenTo(s *webrtc.RTPSender) {
	var total uint32 // lost, as last reported
	for {
		packets, _, err := s.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range packets {
			r, ok := p.(*rtcp.ReceiverReport)
			if !ok {
				continue
			}
			for _, one := range r.Reports {
				if more := int64(one.TotalLost) - int64(total); more > 0 && more < 1<<16 {
					c.toThem.lost.Add(more)
				}
				total = one.TotalLost
				c.toThem.jitter.Store(one.Jitter)
			}
		}
	}
}

// close ends the connection.
func (c *call) close() { _ = c.pc.Close() }
