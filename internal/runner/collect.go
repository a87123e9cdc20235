package runner

import (
	"encoding/base64"
	"path"
	"strings"

	"codecollab.dev/internal/runner/sandbox"
)

// leftFiles are what a job left, and in words what was left out.
type leftFiles struct {
	files   []leftFile
	skipped []string
}

// leftFile is a file that a program wrote, as clients get it.
type leftFile struct {
	Type     string `json:"type,omitempty"` // "file" on /connect
	Name     string `json:"name"`
	Size     int    `json:"size"`
	Encoding string `json:"encoding"` // "base64"
	Content  string `json:"content"`
}

// shownKinds are the extensions of files that people want to see: pictures, tables, documents. What compilers leave is
// not among them.
var shownKinds = map[string]bool{
	"png": true, "jpg": true, "jpeg": true, "gif": true, "webp": true, "bmp": true, "svg": true,
	"csv": true, "tsv": true, "txt": true, "md": true, "json": true, "xml": true, "yaml": true, "yml": true, "log": true,
	"html": true, "htm": true, "pdf": true,
}

// isShown leaves out what is hidden, too.
func isShown(name string, _ int64) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") || part == "node_modules" || part == "__pycache__" {
			return false
		}
	}
	return shownKinds[strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))]
}

// collect takes what the job left. That it cannot be taken does not spoil the run.
func (s *Server) collect(c *sandbox.Cell) *leftFiles {
	o := s.options
	found, skipped, err := c.Collect(sandbox.CollectLimits{Files: o.CollectFiles, FileBytes: o.CollectBytes, AllBytes: o.CollectTotal, Match: isShown})
	if err != nil {
		s.options.Logger.Warn("the files of a program could not be collected", "err", err)
		return &leftFiles{skipped: []string{"the files of the program could not be collected"}}
	}
	left := &leftFiles{files: []leftFile{}, skipped: skipped}
	for _, f := range found {
		left.files = append(left.files, leftFile{Name: f.Path, Size: len(f.Data), Encoding: "base64", Content: base64.StdEncoding.EncodeToString(f.Data)})
	}
	return left
}
