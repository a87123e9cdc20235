package run

import (
	"encoding/json"

	"codecollab.dev/internal/wire"
)

// Others are the other nodes of an installation: a bus that may lose messages. What it loses a sweep, or the person who presses
// again, makes good.
type Others interface {
	Publish(topic string, message []byte)
	Subscribe(topic string, f func(message []byte)) (cancel func())
}

// topic is where nodes tell each other of runs.
const topic = "runs"

// What nodes tell each other.
const (
	begun   = "begun" // it is worked there
	stop    = "stop"
	typing  = "type"
	resized = "resize"
)

// news is a message of topic. People may be connected to any node, and a run is worked on whichever had a worker free.
type news struct {
	Node string     `json:"node"` // who tells
	What string     `json:"what"`
	Room string     `json:"room"`
	Run  int64      `json:"run"`
	By   string     `json:"by,omitempty"` // the person who stops or types
	Data string     `json:"data,omitempty"`
	Size *wire.Size `json:"size,omitempty"`
}

// tellOthers tells other nodes, where there are any.
func (s *Service) tellOthers(n news) {
	if s.opt.Others == nil {
		return
	}
	n.Node = s.opt.Node
	message, err := json.Marshal(n)
	if err != nil {
		s.opt.Log.Error("other nodes are not told of a run", "room", n.Room, "run", n.Run, "err", err)
		return
	}
	s.opt.Others.Publish(topic, message)
}

// hearOthers takes what another node tells.
func (s *Service) hearOthers(message []byte) {
	var n news
	if err := json.Unmarshal(message, &n); err != nil {
		s.opt.Log.Warn("what another node tells of a run is unreadable", "err", err)
		return
	}
	if n.Node == s.opt.Node {
		return
	}
	j := Job{n.Room, n.Run}
	switch n.What {
	case begun:
		s.away(j)
	case stop:
		s.stopHere(j, n.By)
	case typing:
		_ = s.typeHere(j, n.By, n.Data) // whoever types is elsewhere, and the program takes no more
	case resized:
		if n.Size != nil {
			s.resizeHere(j, *n.Size)
		}
	}
}

// away notes that another node works a job: it is no more in line here. Should that node die, the queue hands it out again.
func (s *Service) away(j Job) {
	s.mu.Lock()
	st := s.jobs[j]
	here := st != nil && st.cancel != nil
	if !here {
		s.line.start(j)
	}
	s.mu.Unlock()
	if st != nil && !here {
		s.drop(j)
	}
}

// Stop ends a run, whatever stage it is in and wherever it is, on behalf of a person; false when nothing of it is known. A program
// that ends by itself at the same moment keeps its own result.
func (s *Service) Stop(room string, run int64, by string) bool {
	known := s.stopHere(Job{room, run}, by)
	s.tellOthers(news{What: stop, Room: room, Run: run, By: by})
	return known || s.opt.Others != nil
}

// Type gives the program of a run what a person has typed into its terminal. Errors: "no_run", "input_full"; not of a program on
// another node, which may be at its end.
func (s *Service) Type(room string, run int64, person, data string) error {
	err := s.typeHere(Job{room, run}, person, data)
	if noRun(err) && s.opt.Others != nil {
		s.tellOthers(news{What: typing, Room: room, Run: run, By: person, Data: data})
		return nil
	}
	return err
}

// Resize gives the terminal of a run another size, also when its program has not begun.
func (s *Service) Resize(room string, run int64, size wire.Size) {
	s.resizeHere(Job{room, run}, size)
	s.tellOthers(news{What: resized, Room: room, Run: run, Size: &size})
}
