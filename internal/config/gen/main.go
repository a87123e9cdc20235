// Command gen writes docs/settings.md.
package main

import (
	"flag"
	"fmt"
	"os"

	"codecollab.dev/internal/config"
)

func main() {
	out := flag.String("out", "docs/settings.md", "the file to write")
	flag.Parse()
	if err := os.WriteFile(*out, []byte(config.Reference()), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
