// Command gen writes docs/metrics.md.
package main

import (
	"flag"
	"fmt"
	"os"

	"codecollab.dev/internal/metrics"
)

func main() {
	out := flag.String("out", "docs/metrics.md", "the file to write")
	flag.Parse()
	if err := os.WriteFile(*out, []byte(metrics.Reference()), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
