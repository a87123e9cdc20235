package server

import (
	"net/http"
	"slices"

	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/hint/desk"
)

// hintRecord is a record as an owner gets it.
type hintRecord struct {
	ID      string   `json:"id"`
	At      int64    `json:"at"`
	Person  string   `json:"person"`
	Kind    string   `json:"kind"`
	Level   int      `json:"level"`
	Outcome string   `json:"outcome"`
	Source  string   `json:"source"`
	Model   string   `json:"model,omitempty"`
	Cached  bool     `json:"cached,omitempty"`
	Ahead   bool     `json:"ahead,omitempty"`
	Sent    string   `json:"sent,omitempty"`
	To      []string `json:"to,omitempty"`
	Tokens  int      `json:"tokens,omitempty"`
	FirstMS int64    `json:"first_ms"`
	TotalMS int64    `json:"total_ms"`
	Up      int      `json:"up,omitempty"`
	Down    int      `json:"down,omitempty"`
}

// hintTotals sum up the records that are kept.
type hintTotals struct {
	Asked   int   `json:"asked"`    // by people: not what was prepared
	Cached  int   `json:"cached"`   // answered without a call
	Calls   int   `json:"calls"`    // of models
	Tokens  int   `json:"tokens"`   // spent on them
	Cost    int64 `json:"cost"`     // in millionths of a dollar, as far as prices are known
	FirstMS int64 `json:"first_ms"` // the median time to the first word, of what was asked
	SlowMS  int64 `json:"slow_ms"`  // that of the slowest twentieth
	Up      int   `json:"up"`
	Down    int   `json:"down"`
}

// mostTotals is how many records are summed up.
const mostTotals = 10_000

// hintLog tells an owner what was asked, what left, and what it cost.
func (s *Server) hintLog(w http.ResponseWriter, r *http.Request) error {
	before, limit, err := pageOf(r)
	if err != nil {
		return err
	}
	id := r.PathValue("room")
	all, err := s.opt.Hints.Records(r.Context(), id, 0, mostTotals)
	if err != nil {
		return err
	}
	page := []hintRecord{}
	for i := range all {
		if rec := &all[i]; (before == 0 || rec.At < before) && len(page) < limit {
			page = append(page, hintRecord{
				ID: rec.ID, At: rec.At, Person: rec.Person, Kind: rec.Kind, Level: rec.Level, Outcome: rec.Outcome, Source: rec.Source, Model: rec.Model,
				Cached: rec.Cached, Ahead: rec.Ahead, Sent: rec.Sent, To: rec.To, Tokens: rec.TokensIn + rec.TokensOut,
				FirstMS: rec.FirstMS, TotalMS: rec.TotalMS, Up: rec.Up, Down: rec.Down,
			})
		}
	}
	answer.JSON(w, http.StatusOK, map[string]any{"totals": totalsOf(all), "records": page})
	return nil
}

func totalsOf(all []desk.Record) (t hintTotals) {
	var first []int64
	for i := range all {
		r := &all[i]
		t.Tokens += r.TokensIn + r.TokensOut
		t.Cost += r.Cost
		t.Up += r.Up
		t.Down += r.Down
		if r.Sent != "" {
			t.Calls++
		}
		if r.Ahead {
			continue
		}
		t.Asked++
		if r.Cached {
			t.Cached++
		}
		if r.Outcome == "answered" {
			first = append(first, r.FirstMS)
		}
	}
	if len(first) > 0 {
		slices.Sort(first)
		t.FirstMS, t.SlowMS = first[len(first)/2], first[(len(first)*95)/100]
	}
	return t
}
