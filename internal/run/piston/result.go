package piston

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// result is how a stage ended. Verdict and Truncated are our runner's additions. Piston says on /connect no more than
// code and signal, and its numbers are not whole.
type result struct {
	Stdout    string  `json:"stdout"` // of /execute only
	Stderr    string  `json:"stderr"`
	Code      *int    `json:"code"`
	Signal    *string `json:"signal"`
	Message   *string `json:"message"`
	Status    *string `json:"status"`    // RE SG TO OL EL XX
	CPUTime   float64 `json:"cpu_time"`  // ms
	WallTime  float64 `json:"wall_time"` // ms
	Memory    float64 `json:"memory"`    // bytes
	Verdict   string  `json:"verdict"`   // the limit that was hit
	Truncated *struct {
		Stdout int64 `json:"stdout"`
		Stderr int64 `json:"stderr"`
	} `json:"truncated"`
}

// ok reports whether a next stage follows.
func (r *result) ok() bool { return r.Code != nil && *r.Code == 0 && r.Verdict == "" }

// finish translates a stage's end. That the server failed is an error.
func (r *result) finish(stage string) (wire.Finish, error) {
	if text(r.Status) == "XX" {
		return wire.Finish{}, codecollab.Errorf(codecollab.Unavailable, "runner_failed", "the runner failed: %s", text(r.Message))
	}
	f := wire.Finish{
		Stage: stage, Code: r.Code, Signal: text(r.Signal), Outcome: r.outcome(),
		Wall: whole(r.WallTime), CPU: whole(r.CPUTime), Memory: whole(r.Memory),
	}
	f.Message = sentence(r.words(f.Outcome))
	if r.Truncated != nil {
		f.Omitted = r.Truncated.Stdout + r.Truncated.Stderr
	}
	return f, nil
}

// outcome prefers our runner's verdict, which tells limits apart that Piston's status does not.
func (r *result) outcome() string {
	switch r.Verdict {
	case "wall":
		return "timeout"
	case "cpu", "memory", "output":
		return r.Verdict
	}
	switch text(r.Status) {
	case "TO":
		return "timeout"
	case "OL", "EL":
		return "output"
	}
	if text(r.Signal) != "" {
		return "signal"
	}
	return "exited"
}

// words say which limit was hit, with its number. Our runner's own do. Of a plain exit there is nothing to say.
func (r *result) words(outcome string) string {
	given := text(r.Message)
	switch {
	case r.Verdict != "":
		return given
	case outcome == "exited":
		return ""
	case outcome == "timeout" && r.WallTime > 0:
		return fmt.Sprintf("Timed out after %g s", math.Round(r.WallTime/100)/10)
	case outcome == "output" && given == "":
		return "The program printed more than the runner allows"
	case outcome == "signal" && given == "":
		return "The program was ended by " + text(r.Signal) + "; the runner does not say whether for a limit"
	}
	return given
}

func whole(x float64) int64 { return int64(math.Round(x)) }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	r, n := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(r)) + s[n:]
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}
