package store

import (
	"bytes"
	"log/slog"
	"testing"

	"codecollab.dev"
)

func TestFilesOfRuns(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		open := func() *Store {
			t.Helper()
			s, err := Open(t.Context(), Options{Dir: opt.Dir, Database: opt.Database, Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		s := open()
		put := func(room string, run int64, names ...string) {
			t.Helper()
			var files []RunFile
			for _, n := range names {
				files = append(files, RunFile{Name: n, Type: "text/plain", Data: bytes.Repeat([]byte(n), 40)})
			}
			if err := s.PutFiles(t.Context(), room, run, files, 100); err != nil {
				t.Fatal(err)
			}
		}
		has := func(room string, run int64, name string, want bool) {
			t.Helper()
			kind, data, err := s.File(t.Context(), room, run, name)
			switch {
			case want && (err != nil || kind != "text/plain" || len(data) != 40*len(name)):
				t.Errorf("%s/%d/%s: %q %d %v", room, run, name, kind, len(data), err)
			case !want && codecollab.CodeOf(err) != "no_file":
				t.Errorf("%s/%d/%s is there (%v)", room, run, name, err)
			}
		}
		put("r", 3, "a", "b") // 80 bytes of 100
		put("q", 3, "z")
		put("r", 9, "c") // 120: the oldest run goes as a whole
		has("r", 3, "a", false)
		has("r", 3, "b", false)
		has("r", 9, "c", true)
		has("q", 3, "z", true)
		put("r", 9, "d", "e") // the same run again
		has("r", 9, "c", false)
		has("r", 9, "e", true)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open()
		defer s.Close()
		has("r", 9, "d", true)
		put("r", 10, "fgh") // more than a room may have
		has("r", 10, "fgh", false)
		has("r", 9, "d", false)
	})
}
