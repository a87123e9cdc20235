package eval

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"codecollab.dev/internal/hint"
)

// Share is a part of a whole, with its 95 % interval by Wilson.
type Share struct {
	Hits  int     `json:"hits"`
	Of    int     `json:"of"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// z is the quantile of the normal distribution for 95 %.
const z = 1.959963984540054

// NewShare computes a share and its interval. Of nothing, nothing is known.
func NewShare(hits, of int) Share {
	if of == 0 {
		return Share{High: 1}
	}
	n, p := float64(of), float64(hits)/float64(of)
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return Share{Hits: hits, Of: of, Value: p, Low: max(0, mid-half), High: min(1, mid+half)}
}

func (s Share) String() string {
	if s.Of == 0 {
		return "–"
	}
	return fmt.Sprintf("%5.1f %% [%.1f–%.1f] %d/%d", 100*s.Value, 100*s.Low, 100*s.High, s.Hits, s.Of)
}

// Figures are the four shares of some cases.
type Figures struct {
	Cases     int   `json:"cases"`
	Relevance Share `json:"relevance"` // relevant hints over all cases
	Precision Share `json:"precision"` // relevant hints over hints that were given
	Coverage  Share `json:"coverage"`  // hints that were given over all cases
	Leaks     Share `json:"leaks"`     // hints that leak over hints that were given
}

// Report is the result of an evaluation.
type Report struct {
	Figures
	Always     bool               `json:"always"`
	Model      string             `json:"model,omitempty"`    // empty: without any
	FromModel  int                `json:"from_model"`         // hints that are a model's
	Withheld   map[string]int     `json:"withheld,omitempty"` // why → answers of a model that were not shown
	ByLanguage map[string]Figures `json:"by_language"`
	ByKind     map[string]Figures `json:"by_kind"`
	ByHalf     map[string]Figures `json:"by_half"` // "seen" when the rules were written, and "held out"
	Results    []Result           `json:"results"`
}

func figures(rs []Result) Figures {
	given, relevant, leak := 0, 0, 0
	for _, r := range rs {
		if r.Score.Given {
			given++
		}
		if r.Score.Relevant() {
			relevant++
		}
		if r.Score.Leak {
			leak++
		}
	}
	return Figures{len(rs), NewShare(relevant, len(rs)), NewShare(relevant, given), NewShare(given, len(rs)), NewShare(leak, given)}
}

// NewReport counts results.
func NewReport(rs []Result, always bool) Report {
	rs = slices.SortedFunc(slices.Values(rs), func(a, b Result) int { return cmp.Compare(a.ID, b.ID) })
	withheld, model := map[string]int{}, 0
	for _, r := range rs {
		if r.Withheld != "" {
			withheld[r.Withheld]++
		}
		if r.Score.Given && r.Hint.Source != hint.SourceGrounded {
			model++
		}
	}
	return Report{Figures: figures(rs), Always: always, Results: rs, FromModel: model, Withheld: withheld,
		ByLanguage: groups(rs, func(r Result) string { return r.Language }),
		ByKind:     groups(rs, func(r Result) string { return r.Kind }),
		ByHalf:     groups(rs, func(r Result) string { return half(r.ID) })}
}

func groups(rs []Result, key func(Result) string) map[string]Figures {
	lists := map[string][]Result{}
	for _, r := range rs {
		lists[key(r)] = append(lists[key(r)], r)
	}
	out := map[string]Figures{}
	for k, list := range lists {
		out[k] = figures(list)
	}
	return out
}

// ofModel says what became of the answers of the model.
func (r Report) ofModel() string {
	text := fmt.Sprintf("%s: %d of the hints are the model's, the others stand on facts alone.", r.Model, r.FromModel)
	for _, why := range slices.Sorted(maps.Keys(r.Withheld)) {
		text += fmt.Sprintf("\n  not shown, %s: %s", reasons[why], NewShare(r.Withheld[why], r.Cases))
	}
	return text
}

// reasons say why an answer of a model is not shown.
var reasons = map[string]string{
	"leak": "it gives the solution away", "contradicts": "it contradicts the facts", "long": "it is too long", "nonsense": "it has not the form",
	"failed": "there was none",
}

// Print writes the report for people.
func (r Report) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(t, "\tcases\trelevance\tprecision\tcoverage\tleaks")
	row := func(name string, f Figures) {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\n", name, f.Cases, f.Relevance, f.Precision, f.Coverage, f.Leaks)
	}
	row("all", r.Figures)
	for _, part := range []map[string]Figures{r.ByLanguage, r.ByKind, r.ByHalf} {
		names := make([]string, 0, len(part))
		for k := range part {
			names = append(names, k)
		}
		slices.Sort(names)
		for _, k := range names {
			row(k, part[k])
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if r.Model != "" {
		if _, err := fmt.Fprintln(w, "\n"+r.ofModel()); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, "\nIntervals are Wilson's, 95 %. "+strings.TrimSpace(map[bool]string{
		true: "Every case had to be answered.", false: "Cases without a hint that facts bear out were not answered."}[r.Always]))
	return err
}
