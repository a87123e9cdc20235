package server

import (
	"net/http"

	"codecollab.dev"
)

// extension offers the extension for VS Code that belongs to this server, so that the two understand each other.
func (s *Server) extension() func(http.ResponseWriter, *http.Request) error {
	if len(s.opt.Extension) == 0 {
		return func(http.ResponseWriter, *http.Request) error {
			return codecollab.Errorf(codecollab.NotFound, "no_extension", "This server was built without the extension for VS Code. Build it with make vsix, then the server with make build.")
		}
	}
	file, err := newAsset("codecollab.vsix", s.opt.Extension)
	file.kind, file.gzipped = "application/octet-stream", nil // it is a zip
	return func(w http.ResponseWriter, r *http.Request) error {
		if err != nil {
			return err
		}
		h := w.Header()
		h.Set("Content-Disposition", `attachment; filename="codecollab.vsix"`)
		h.Set("Cache-Control", "no-cache")
		file.serve(w, r)
		return nil
	}
}
