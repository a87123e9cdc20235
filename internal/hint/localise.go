package hint

import "math"

// suspicion is how much the lines of a program are visited by tests that fail, and not by those that pass.
type suspicion map[place]float64

// ochiai computes suspicion: failed(line) / √(failed · (failed(line) + passed(line))).
func ochiai(covers []reportLine, failed map[int]bool) suspicion {
	type count struct{ failed, passed int }
	counts := map[place]count{}
	fails := 0
	for _, c := range covers {
		if failed[c.Test] {
			fails++
		}
		for _, p := range c.Lines {
			n := counts[p]
			if failed[c.Test] {
				n.failed++
			} else {
				n.passed++
			}
			counts[p] = n
		}
	}
	out := suspicion{}
	for p, n := range counts {
		if n.failed > 0 {
			out[p] = float64(n.failed) / math.Sqrt(float64(fails)*float64(n.failed+n.passed))
		}
	}
	return out
}
