package historybench

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

func (b *bench) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(b.results)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, key := range slices.Sorted(maps.Keys(b.results)) {
		value, note := b.results[key], ""
		if goal, ok := goals[key]; ok {
			note = fmt.Sprintf("at most %g", goal)
			if value > goal {
				note += ": MISSED"
			}
		}
		fmt.Fprintf(t, "%s\t%.1f\t%s\n", key, value, note)
	}
	return t.Flush()
}
