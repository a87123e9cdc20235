package server

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"codecollab.dev"
)

func errNoExtension() error {
	return codecollab.Errorf(codecollab.NotFound, "no_extension", "This server was built without the extension for VS Code. Build it with make vsix, then the server with make build.")
}

// extension offers the extension for VS Code that belongs to this server, so that the two understand each other.
func (s *Server) extension() func(http.ResponseWriter, *http.Request) error {
	if len(s.opt.Extension) == 0 {
		return func(http.ResponseWriter, *http.Request) error { return errNoExtension() }
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

// extensionFiles offers the same unpacked: editors in browsers install an extension from an address.
func (s *Server) extensionFiles() func(http.ResponseWriter, *http.Request) error {
	unpacked := sync.OnceValues(func() (map[string]asset, error) { return unpack(s.opt.Extension) })
	return func(w http.ResponseWriter, r *http.Request) error {
		if len(s.opt.Extension) == 0 {
			return errNoExtension()
		}
		files, err := unpacked()
		if err != nil {
			return err
		}
		file, ok := files[r.PathValue("name")]
		if !ok {
			return codecollab.Errorf(codecollab.NotFound, "no_file", "The extension has no file %.100q.", r.PathValue("name"))
		}
		w.Header().Set("Cache-Control", "no-cache")
		file.serve(w, r)
		return nil
	}
}

// unpack reads what a .vsix has below extension/. It is our own file, built with this program.
func unpack(vsix []byte) (map[string]asset, error) {
	archive, err := zip.NewReader(bytes.NewReader(vsix), int64(len(vsix)))
	if err != nil {
		return nil, fmt.Errorf("server: the extension: %w", err)
	}
	files := map[string]asset{}
	for _, entry := range archive.File {
		name, ok := strings.CutPrefix(entry.Name, "extension/")
		if !ok || entry.FileInfo().IsDir() {
			continue
		}
		data, err := readEntry(entry)
		if err == nil {
			files[name], err = newAsset(name, data)
		}
		if err != nil {
			return nil, fmt.Errorf("server: the extension: %s: %w", name, err)
		}
	}
	return files, nil
}

func readEntry(entry *zip.File) ([]byte, error) {
	r, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
