package languages

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestLoad(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("only %d languages", len(all))
	}
	for name, want := range map[string]string{"py": "python", "python3.x": "python", "cpp": "c++", "g++": "c++", "js": "javascript",
		"ts": "typescript", "golang": "go", "rb": "ruby", "sh": "bash"} {
		if l, ok := all.Find(name); !ok || l.ID != want {
			t.Errorf("%s is %q, want %q", name, l.ID, want)
		}
	}
	if _, ok := all.Find("Python"); ok {
		t.Error("names are exact")
	}
	for _, l := range all {
		if len(l.Tests)+len(l.Untested) != 4 || l.Sample == "" || len(l.Install.Apt)+len(l.Install.NPM)+len(l.Install.Go) == 0 {
			t.Errorf("%s is not complete", l.ID)
		}
	}
}

const manifest = `id = "x"
name = "X"
source = "main.x"
extensions = ["x"]
editor = "text"
version = { command = ["x", "-v"], pattern = '(\d+)' }
run = { command = ["x", "{file}"] }
`

func folder(id, text string) fstest.MapFS {
	fs := fstest.MapFS{id + "/language.toml": {Data: []byte(text)}, id + "/sample.x": {Data: []byte("x")}}
	for _, name := range []string{"hello", "echo", "unicode", "error"} {
		fs[id+"/tests/"+name+".x"] = &fstest.MapFile{Data: []byte("x")}
		fs[id+"/tests/"+name+".out"] = &fstest.MapFile{Data: []byte("x")}
	}
	return fs
}

func TestLoadIsStrict(t *testing.T) {
	if _, err := load(folder("x", manifest)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, want string }{
		"unknown key":    {manifest + "colour = 1\n", "unknown key"},
		"no run":         {strings.Replace(manifest, `run = { command = ["x", "{file}"] }`, "", 1), "run.command"},
		"no group":       {strings.Replace(manifest, `(\d+)`, `\d+`, 1), "exactly one group"},
		"bad pattern":    {strings.Replace(manifest, `(\d+)`, `(`, 1), "version.pattern"},
		"half a cache":   {manifest + "[cache]\nsource = \"a\"\n", "cache must have both"},
		"taken twice":    {manifest + "", "belongs to x already"},
		"no such driver": {manifest + "shared = [\"x.pl\"]\n", "shared: open x.pl"},
		"no such thing":  {"id = ", "toml"},
	} {
		t.Run(name, func(t *testing.T) {
			fs := folder("x", c.text)
			if name == "taken twice" {
				for path, file := range folder("y", manifest) {
					fs[path] = file
				}
			}
			if _, err := load(fs); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q in it", err, c.want)
			}
		})
	}
}
