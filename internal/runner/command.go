package runner

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"codecollab.dev/internal/runner/sandbox"
	"codecollab.dev/languages"
)

// places are what {…} in a manifest stands for in one stage.
type places struct {
	id      string   // of the language
	file    string   // the first file
	sources []string // all files of the language
	memory  int64    // bytes
	cache   string   // folder of the compile cache in the cell
}

// Where cells find what npm and Go installed and our own drivers, a folder for each language.
const (
	toolsPlace   = "/tools"
	driversPlace = "/drivers"
)

const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

func (p places) words(command, args []string) []string {
	var out []string
	for _, word := range command {
		if word == "{sources}" {
			for _, s := range p.sources {
				out = append(out, plain(s))
			}
			continue
		}
		out = append(out, p.fill(word))
	}
	return append(out, args...)
}

func (p places) fill(word string) string {
	return strings.NewReplacer(
		"{file}", plain(p.file),
		"{stem}", plain(strings.TrimSuffix(p.file, path.Ext(p.file))),
		"{heap_mib}", fmt.Sprint(max(16, p.memory*3/4>>20)),
		"{cache}", p.cache,
		"{tools}", toolsPlace+"/"+p.id,
		"{lib}", driversPlace+"/"+p.id,
	).Replace(word)
}

// plain keeps a file name from being taken for an option.
func plain(name string) string {
	if strings.HasPrefix(name, "-") || strings.HasPrefix(name, "@") {
		return "./" + name
	}
	return name
}

// path is where the programs of a language are looked for.
func (p places) path(l languages.Language) string {
	return p.fill(strings.Join(append(slices.Clone(l.Path), usualPath), ":"))
}

func (p places) environment(l languages.Language, alias string) []string {
	env := map[string]string{
		"PATH": p.path(l),
		"HOME": "/tmp", "TMPDIR": "/tmp", "USER": "runner", "LANG": "C.UTF-8", "PISTON_LANGUAGE": alias,
	}
	for k, v := range l.Env {
		env[k] = p.fill(v)
	}
	var out []string
	for k, v := range env {
		out = append(out, k+"="+v)
	}
	slices.Sort(out)
	return out
}

// sourcesOf lists the files that the language compiles: by extension, or the first file if it has a foreign one.
func sourcesOf(l languages.Language, files []sandbox.File, first string) []string {
	var out []string
	for _, f := range files {
		if slices.Contains(l.Extensions, strings.TrimPrefix(path.Ext(f.Path), ".")) {
			out = append(out, f.Path)
		}
	}
	if !slices.Contains(out, first) {
		out = append([]string{first}, out...)
	}
	return out
}
