package server

import (
	"context"
	"net/http"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/wire"
)

func (s *Server) desk() answer.Desk { return answer.Desk{Log: s.opt.Log} }

func (s *Server) handle(h answer.Handler) http.Handler { return s.desk().Handle(h) }

// refusal is err as a message on a connection.
func (s *Server) refusal(err error, seq int64, about ...any) *wire.Error {
	e := s.desk().Public(context.Background(), err, about...)
	retry := e.Kind == codecollab.Unavailable || e.Code == "internal" || e.Code == "slow_down" || e.Code == "room_full"
	return &wire.Error{Code: e.Code, Message: e.Message, Seq: seq, Retry: retry}
}

func noSuchAPI(http.ResponseWriter, *http.Request) error {
	return codecollab.Errorf(codecollab.NotFound, "no_endpoint", "There is no such endpoint; docs/protocol.md lists them.")
}
