package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

const (
	envPrefix  = "CODECOLLAB_"
	fileSuffix = "-file"
)

// setting is one row of the table that everything is made from: a field of Settings with its tags taken apart.
type setting struct {
	index    int
	name     string // "room-max-people"
	commands []string
	initial  string
	least    string // "" when there is none
	most     string
	oneof    []string
	help     string
	secret   bool
	boolean  bool
	live     bool
}

// table is all settings, as they are declared.
var table = makeTable(reflect.TypeFor[Settings]())

func makeTable(t reflect.Type) []setting {
	var all []setting
	for f := range t.Fields() {
		s := setting{
			index:    f.Index[0],
			name:     kebab(f.Name),
			commands: strings.Fields(f.Tag.Get("on")),
			initial:  f.Tag.Get("default"),
			help:     f.Tag.Get("help"),
			secret:   f.Type == reflect.TypeFor[Secret](),
			boolean:  f.Type.Kind() == reflect.Bool,
			live:     f.Tag.Get("live") == "yes",
		}
		if words := f.Tag.Get("oneof"); words != "" {
			s.oneof = strings.Split(words, "|")
		}
		s.least, s.most, _ = strings.Cut(f.Tag.Get("range"), "..")
		all = append(all, s)
	}
	return all
}

// kebab turns "RunnerURL" into "runner-url".
func kebab(field string) string {
	var b strings.Builder
	runes := []rune(field)
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// env is the name of the setting's variable.
func (s *setting) env() string { return envName(s.name) }

func envName(name string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// keys are the names that a value can be given under in the environment and the file. A secret can also be the content of
// a file, which is how containers get them.
func (s *setting) keys() []string {
	if s.secret {
		return []string{s.name, s.name + fileSuffix}
	}
	return []string{s.name}
}

// flag is the setting's name on the command line of a command, without dashes; "" when it is none of its flags. A name that
// begins with the command's own goes without it: "codecollab runner --addr" is runner-addr. A secret is given as the
// name of a file, because everyone on a machine can read the arguments of every process.
func (s *setting) flag(command string) string {
	if !slices.Contains(s.commands, command) {
		return ""
	}
	name := strings.TrimPrefix(s.name, command+"-")
	if s.secret {
		name += fileSuffix
	}
	return name
}

// set reads text into the setting and checks it against the limits.
func (s *setting) set(into *Settings, text string) error {
	if s.oneof != nil {
		text = strings.ToLower(text)
		if !slices.Contains(s.oneof, text) {
			return fmt.Errorf("it is one of %s", strings.Join(s.oneof, ", "))
		}
	}
	v := reflect.New(reflect.TypeFor[Settings]()).Elem().Field(s.index)
	if err := parse(v, text); err != nil {
		return err
	}
	if s.least != "" && v.Int() < s.limit(s.least) || s.most != "" && v.Int() > s.limit(s.most) {
		return fmt.Errorf("it must be %s", s.bounds())
	}
	reflect.ValueOf(into).Elem().Field(s.index).Set(v)
	return nil
}

func (s *setting) limit(text string) int64 {
	v := reflect.New(reflect.TypeFor[Settings]()).Elem().Field(s.index)
	if err := parse(v, text); err != nil {
		panic(fmt.Sprintf("config: the range of %s: %v", s.name, err)) // found by the tests
	}
	return v.Int()
}

// bounds says the range in words.
func (s *setting) bounds() string {
	switch {
	case s.least != "" && s.most != "":
		return s.least + " to " + s.most
	case s.least != "":
		return "at least " + s.least
	default:
		return "at most " + s.most
	}
}

// Default returns the settings that nobody has touched.
func Default() Settings {
	var s Settings
	for i := range table {
		if err := table[i].set(&s, table[i].initial); err != nil {
			panic(fmt.Sprintf("config: the default of %s: %v", table[i].name, err)) // found by the tests
		}
	}
	return s
}
