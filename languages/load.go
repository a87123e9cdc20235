package languages

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed */language.toml */sample.* */tests */warm.* */lib *.pl
var folders embed.FS

// Load reads the catalogue from the binary and checks all of it: an unknown key, a missing field or a name that two
// languages claim is an error.
func Load() (Catalogue, error) { return load(folders) }

func load(root fs.FS) (Catalogue, error) {
	manifests, err := fs.Glob(root, "*/language.toml")
	if err != nil {
		return nil, err
	}
	var all Catalogue
	taken := map[string]string{}
	for _, manifest := range manifests {
		l, err := loadOne(root, path.Dir(manifest))
		if err != nil {
			return nil, fmt.Errorf("languages/%s: %w", path.Dir(manifest), err)
		}
		for _, name := range append([]string{l.ID}, l.Aliases...) {
			if other, ok := taken[name]; ok {
				return nil, fmt.Errorf("languages/%s: the name %q belongs to %s already", path.Dir(manifest), name, other)
			}
			taken[name] = l.ID
		}
		all = append(all, l)
	}
	for _, l := range all {
		if _, ok := all.Find(l.VariantOf); l.VariantOf != "" && !ok {
			return nil, fmt.Errorf("languages/%s: variant_of: there is no language %q", l.ID, l.VariantOf)
		}
	}
	slices.SortFunc(all, func(a, b Language) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}

func loadOne(root fs.FS, dir string) (Language, error) {
	var l Language
	meta, err := toml.DecodeFS(root, path.Join(dir, "language.toml"), &l)
	if err != nil {
		return l, err
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return l, fmt.Errorf("unknown key %q in language.toml", extra[0].String())
	}
	if err := l.check(); err != nil {
		return l, err
	}
	if l.Sample, err = readEither(root, path.Join(dir, "sample."+l.Extensions[0])); err != nil {
		return l, err
	}
	if l.Cache.Source != "" {
		if l.WarmFile, err = readEither(root, path.Join(dir, l.Cache.Source)); err != nil {
			return l, err
		}
	}
	if l.Lib, err = loadLib(root, path.Join(dir, "lib")); err != nil {
		return l, err
	}
	for _, name := range l.Shared {
		if _, own := l.Lib[name]; own {
			return l, fmt.Errorf("shared: lib/ has a %s of its own", name)
		}
		b, err := fs.ReadFile(root, name)
		if err != nil {
			return l, fmt.Errorf("shared: %w", err)
		}
		l.Lib[name] = string(b)
	}
	for _, name := range []string{"echo", "error", "hello", "unicode"} {
		t, err := loadTest(root, path.Join(dir, "tests"), name, l.Extensions[0])
		if _, known := l.Untested[name]; known && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return l, err
		}
		if why, known := l.Untested[name]; known {
			return l, fmt.Errorf("untested.%s says %q, but there is such a test", name, why)
		}
		l.Tests = append(l.Tests, t)
	}
	return l, nil
}

// loadLib reads lib/, which few languages have.
func loadLib(root fs.FS, dir string) (map[string]string, error) {
	lib := map[string]string{}
	err := fs.WalkDir(root, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(root, name)
		lib[strings.TrimSuffix(strings.TrimPrefix(name, dir+"/"), ".txt")] = string(b)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return lib, nil
	}
	return lib, err
}

func loadTest(root fs.FS, dir, name, extension string) (Test, error) {
	t := Test{Name: name, Fails: name == "error"}
	var err error
	if t.Source, err = readEither(root, path.Join(dir, name+"."+extension)); err != nil {
		return t, err
	}
	if in, err := fs.ReadFile(root, path.Join(dir, name+".in")); err == nil {
		t.Stdin = string(in)
	}
	if t.Fails {
		return t, nil
	}
	out, err := fs.ReadFile(root, path.Join(dir, name+".out"))
	t.Stdout = string(out)
	return t, err
}

// readEither reads the file or, if there is none, the one with ".txt" behind its name.
func readEither(root fs.FS, name string) (string, error) {
	b, err := fs.ReadFile(root, name)
	if err != nil {
		if hidden, second := fs.ReadFile(root, name+".txt"); second == nil {
			return string(hidden), nil
		}
	}
	return string(b), err
}

func (l *Language) check() error {
	missing := map[string]bool{
		"id": l.ID == "", "name": l.Name == "", "source": l.Source == "", "extensions": len(l.Extensions) == 0,
		"editor": l.Editor == "", "version.command": len(l.Version.Command) == 0, "run.command": len(l.Run.Command) == 0,
	}
	for key, is := range missing {
		if is {
			return fmt.Errorf("language.toml must have %s", key)
		}
	}
	for _, check := range []func() error{l.checkVersion, l.checkErrors, l.checkEditing, l.checkInstall} {
		if err := check(); err != nil {
			return err
		}
	}
	if (l.Cache.Source == "") != (len(l.Cache.Command) == 0) {
		return fmt.Errorf("cache must have both source and command")
	}
	for name, why := range l.Untested {
		if !slices.Contains([]string{"echo", "error", "unicode"}, name) || strings.TrimSpace(why) == "" {
			return fmt.Errorf("untested.%s must be one of echo, error and unicode, and say why; hello is never left out", name)
		}
	}
	return nil
}

func (l *Language) checkVersion() error {
	re, err := regexp.Compile(l.Version.Pattern)
	if err != nil {
		return fmt.Errorf("version.pattern: %w", err)
	}
	if re.NumSubexp() != 1 {
		return fmt.Errorf("version.pattern must have exactly one group, the version")
	}
	return nil
}

func (l *Language) checkErrors() error {
	for i, pattern := range l.Errors {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return fmt.Errorf("errors[%d]: %w", i, err)
		}
		groups := re.SubexpNames()
		for _, g := range groups {
			if g != "" && !slices.Contains(ErrorGroups, g) {
				return fmt.Errorf("errors[%d]: there is no group %q: file, line, column and message are known", i, g)
			}
		}
		if !slices.Contains(groups, "file") || !slices.Contains(groups, "line") {
			return fmt.Errorf("errors[%d] must have the groups file and line", i)
		}
	}
	return nil
}

func (l *Language) checkEditing() error {
	if n := len(l.Comments.Block); n != 0 && n != 2 {
		return fmt.Errorf("comments.block must have two words, what opens and what closes, not %d", n)
	}
	if strings.Trim(l.Indent, " ") != "" && l.Indent != "\t" {
		return fmt.Errorf("indent must be a tab or spaces, not %q", l.Indent)
	}
	if len(l.Format.Apt) > 0 && len(l.Format.Command) == 0 {
		return fmt.Errorf("format must have a command")
	}
	if len(l.Analyse.Apt) > 0 && len(l.Analyse.Programs) == 0 {
		return fmt.Errorf("analyse must name its programs")
	}
	return nil
}

func (l *Language) checkInstall() error {
	for _, list := range [][]string{l.Install.NPM, l.Install.Go} {
		for _, p := range list {
			if strings.LastIndex(p, "@") < 1 {
				return fmt.Errorf("install: %q must name a version, as in name@1.2.3", p)
			}
		}
	}
	return nil
}
