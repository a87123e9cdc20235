package toolchain

import (
	"archive/tar"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// entry is a file of a layer; what is not said is a regular file.
type entry struct {
	name, text, link string
	kind             byte
	mode             int64
}

func layerOf(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Linkname: e.link, Mode: e.mode, Size: int64(len(e.text)), ModTime: time.Unix(1e9, 0),
			Uid: os.Getuid(), Gid: os.Getgid()}
		if h.Typeflag == 0 {
			h.Typeflag = tar.TypeReg
		}
		if h.Mode == 0 {
			h.Mode = 0o755
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unpack lays layers into a folder that has a neighbour, which nothing may reach.
func unpack(t *testing.T, most int64, layers ...[]byte) (string, error) {
	t.Helper()
	dir := t.TempDir()
	root := filepath.Join(dir, "root")
	for _, d := range []string{root, filepath.Join(dir, "outside")} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "outside", "kept"), []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := os.OpenRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	u := &unpacker{root: r, most: most, left: most}
	for _, l := range layers {
		if err = u.layer(t.Context(), bytes.NewReader(l)); err != nil {
			break
		}
	}
	found, readErr := os.ReadDir(filepath.Join(dir, "outside"))
	kept, _ := os.ReadFile(filepath.Join(dir, "outside", "kept"))
	if readErr != nil || len(found) != 1 || string(kept) != "kept" {
		t.Errorf("outside there is %v now, with %q, %v", found, kept, readErr)
	}
	beside, _ := os.ReadDir(dir)
	if len(beside) != 2 {
		t.Errorf("beside the root there is %v now", beside)
	}
	return root, err
}

// tree lists what is below a folder: files with their texts, links with where they lead.
func tree(t *testing.T, root string) string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(root, path)
		switch {
		case err != nil || name == ".":
			return err
		case d.IsDir():
			all = append(all, name+"/")
		case d.Type()&fs.ModeSymlink != 0:
			to, _ := os.Readlink(path)
			all = append(all, name+"->"+to)
		default:
			b, _ := os.ReadFile(path)
			all = append(all, name+"="+string(b))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

func TestLayers(t *testing.T) {
	dir, link, hard := byte(tar.TypeDir), byte(tar.TypeSymlink), byte(tar.TypeLink)
	for name, c := range map[string]struct {
		layers [][]entry
		want   string
	}{
		"files":                         {[][]entry{{{name: "a/", kind: dir}, {name: "a/b", text: "1"}, {name: "./c", text: "2"}}}, "a/ a/b=1 c=2"},
		"a folder that nobody declared": {[][]entry{{{name: "a/b/c", text: "1"}}}, "a/ a/b/ a/b/c=1"},
		"a later layer wins":            {[][]entry{{{name: "a", text: "1"}}, {{name: "a", text: "2"}}}, "a=2"},
		"a folder stays when declared again": {[][]entry{
			{{name: "a/", kind: dir}, {name: "a/b", text: "1"}}, {{name: "a/", kind: dir}}}, "a/ a/b=1"},
		"a file in place of a folder": {[][]entry{{{name: "a/b", text: "1"}}, {{name: "a", text: "2"}}}, "a=2"},
		"a folder in place of a file": {[][]entry{{{name: "a", text: "1"}}, {{name: "a/", kind: dir}, {name: "a/b", text: "2"}}}, "a/ a/b=2"},
		"a folder in place of a link": {[][]entry{{{name: "x/y", text: "1"}, {name: "a", kind: link, link: "x"}}, {{name: "a/", kind: dir}, {name: "a/z", text: "2"}}},
			"a/ a/z=2 x/ x/y=1"},
		"removed":                    {[][]entry{{{name: "a/b", text: "1"}, {name: "a/c", text: "2"}}, {{name: "a/.wh.b"}}}, "a/ a/c=2"},
		"a folder removed":           {[][]entry{{{name: "a/b/c", text: "1"}}, {{name: "a/.wh.b"}}}, "a/"},
		"removed and made again":     {[][]entry{{{name: "a", text: "1"}}, {{name: "a", text: "2"}, {name: ".wh.a"}}}, "a=2"},
		"what was never there":       {[][]entry{{{name: ".wh.a"}, {name: "b", text: "1"}}}, "b=1"},
		"emptied before":             {[][]entry{{{name: "a/b", text: "1"}}, {{name: "a/.wh..wh..opq"}, {name: "a/c", text: "2"}}}, "a/ a/c=2"},
		"emptied after":              {[][]entry{{{name: "a/b", text: "1"}}, {{name: "a/c", text: "2"}, {name: "a/.wh..wh..opq"}}}, "a/ a/c=2"},
		"emptied below what is new":  {[][]entry{{{name: "a/b/old", text: "1"}}, {{name: "a/b/new", text: "2"}, {name: "a/.wh..wh..opq"}}}, "a/ a/b/ a/b/new=2"},
		"notes of old engines":       {[][]entry{{{name: "a", text: "1"}, {name: ".wh..wh.plnk"}}}, "a=1"},
		"hard links":                 {[][]entry{{{name: "a/b", text: "1"}, {name: "c", kind: hard, link: "a/b"}}}, "a/ a/b=1 c=1"},
		"a hard link through a link": {[][]entry{{{name: "x/b", text: "1"}, {name: "a", kind: link, link: "/x"}, {name: "c", kind: hard, link: "a/b"}}}, "a->/x c=1 x/ x/b=1"},
		"through a link":             {[][]entry{{{name: "usr/lib/x", text: "1"}, {name: "lib", kind: link, link: "usr/lib"}}, {{name: "lib/y", text: "2"}}}, "lib->usr/lib usr/ usr/lib/ usr/lib/x=1 usr/lib/y=2"},
		"through an absolute link":   {[][]entry{{{name: "var/run", kind: link, link: "/run"}}, {{name: "var/run/x", text: "1"}}}, "run/ run/x=1 var/ var/run->/run"},
		"removed through a link":     {[][]entry{{{name: "x/b", text: "1"}, {name: "a", kind: link, link: "x"}}, {{name: "a/.wh.b"}}}, "a->x x/"},
		"no devices":                 {[][]entry{{{name: "dev/null", kind: tar.TypeChar}, {name: "p", kind: tar.TypeFifo}, {name: "a", text: "1"}}}, "a=1 dev/"},
		"a link in place of a file":  {[][]entry{{{name: "a", text: "1"}}, {{name: "a", kind: link, link: "b"}}}, "a->b"},
		"a file in place of a link":  {[][]entry{{{name: "b", text: "1"}, {name: "a", kind: link, link: "b"}}, {{name: "a", text: "2"}}}, "a=2 b=1"},
	} {
		t.Run(name, func(t *testing.T) {
			var layers [][]byte
			for _, l := range c.layers {
				layers = append(layers, layerOf(t, l...))
			}
			root, err := unpack(t, 1<<20, layers...)
			if err != nil {
				t.Fatal(err)
			}
			if got := tree(t, root); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// What wants out stays in, or is refused.
func TestLayersCannotEscape(t *testing.T) {
	link, hard := byte(tar.TypeSymlink), byte(tar.TypeLink)
	for name, layer := range map[string][]entry{
		"upwards":                {{name: "../outside/x", text: "1"}},
		"far upwards":            {{name: "../../../../../../../tmp/codecollab-escaped", text: "1"}},
		"absolute":               {{name: "/outside/x", text: "1"}},
		"a link upwards":         {{name: "a", kind: link, link: "../outside"}, {name: "a/x", text: "1"}},
		"overwritten by a link":  {{name: "a", kind: link, link: "../outside/kept"}, {name: "a", text: "1"}},
		"two links":              {{name: "d/a", kind: link, link: ".."}, {name: "b", kind: link, link: "d/a/../outside"}, {name: "b/kept", text: "1"}},
		"a hard link upwards":    {{name: "a", kind: hard, link: "../outside/kept"}, {name: "a", text: "1"}},
		"a hard link over links": {{name: "l", kind: link, link: "../outside"}, {name: "a", kind: hard, link: "l/kept"}},
		"removed upwards":        {{name: "../outside/.wh.kept"}},
		"removed over a link":    {{name: "a", kind: link, link: "../outside"}, {name: "a/.wh.kept"}},
		"removed: two dots":      {{name: "a/.wh..."}},
		"removed: one dot":       {{name: ".wh.."}},
		"removed: nothing":       {{name: ".wh."}},
		"emptied over a link":    {{name: "a", kind: link, link: "../outside"}, {name: "a/.wh..wh..opq"}},
		"emptied above":          {{name: "../.wh..wh..opq"}},
		"a link as a folder":     {{name: "a", kind: link, link: "../outside"}, {name: "a/", kind: tar.TypeDir, mode: 0o700}},
		"round in circles":       {{name: "a", kind: link, link: "b"}, {name: "b", kind: link, link: "a"}, {name: "a/x", text: "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			root, err := unpack(t, 1<<20, layerOf(t, layer...))
			if _, there := os.Lstat("/tmp/codecollab-escaped"); there == nil {
				t.Error("a file has escaped")
			}
			t.Logf("%v; %s", err, tree(t, root))
		})
	}
}

func TestLayersRefused(t *testing.T) {
	for name, c := range map[string]struct {
		entries []entry
		want    string
	}{
		"too large":           {[]entry{{name: "a", text: strings.Repeat("x", 100_000)}}, "more than 64 kB"},
		"too many":            {[]entry{{name: "1"}, {name: "2"}, {name: "3"}, {name: "4"}, {name: "5"}, {name: "6"}, {name: "7"}, {name: "8"}, {name: "9"}, {name: "10"}, {name: "11"}, {name: "12"}, {name: "13"}, {name: "14"}, {name: "15"}, {name: "16"}}, "more than 64 kB"},
		"circles":             {[]entry{{name: "a", kind: tar.TypeSymlink, link: "a"}, {name: "a/b"}}, "round in circles"},
		"below a file":        {[]entry{{name: "a"}, {name: "a/b"}}, "no folder"},
		"no name to remove":   {[]entry{{name: "a/.wh..."}}, "no name"},
		"a link to no file":   {[]entry{{name: "a", kind: tar.TypeLink, link: "b"}}, "no such file"},
		"a link to elsewhere": {[]entry{{name: "a", kind: tar.TypeLink, link: "/etc/passwd"}}, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := unpack(t, 64_000, layerOf(t, c.entries...)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// Rights are kept but for set-user-id, and times are.
func TestLayerAttributes(t *testing.T) {
	root, err := unpack(t, 1<<20, layerOf(t, entry{name: "su", text: "x", mode: 0o4755}, entry{name: "plain", text: "x", mode: 0o640}))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{"su": 0o755, "plain": 0o640} {
		st, err := os.Stat(filepath.Join(root, name))
		if err != nil || st.Mode() != want || !st.ModTime().Equal(time.Unix(1e9, 0)) {
			t.Errorf("%s: %v of %v, %v", name, st.Mode(), st.ModTime(), err)
		}
	}
}
