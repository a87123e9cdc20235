package server

import (
	"net/http"
	"strconv"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/room"
)

// pastRuns answers with a page of the runs that were asked for before a version, oldest first, without their output.
func (s *Server) pastRuns(w http.ResponseWriter, r *http.Request) error {
	before, limit, err := pageOf(r)
	if err != nil {
		return err
	}
	runs, more, err := room.RunsBefore(r.Context(), s.opt.Events, r.PathValue("room"), before, limit)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"runs": runs, "more": more})
	return nil
}

// pastRun answers with one run, and what it printed.
func (s *Server) pastRun(w http.ResponseWriter, r *http.Request) error {
	run, err := runOf(r)
	if err != nil {
		return err
	}
	record, err := room.RunOf(r.Context(), s.opt.Events, r.PathValue("room"), run)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, record)
	return nil
}

// runOf is the run that a path names.
func runOf(r *http.Request) (codecollab.Version, error) {
	run, err := strconv.ParseInt(r.PathValue("run"), 10, 64)
	if err != nil {
		return 0, codecollab.Errorf(codecollab.NotFound, "no_run", "A run's name is a number; %.40q is none.", r.PathValue("run"))
	}
	return run, nil
}
