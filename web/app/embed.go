// Package app holds the built page, so that the binary needs no files beside it. `make build` fills dist.
package app

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Page is the built page, with index.html at its root; without it when the page has not been built.
func Page() fs.FS {
	page, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // dist is embedded: this cannot happen
	}
	return page
}
