package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// given is a value that somebody wrote, and where.
type given struct {
	row   *setting
	key   string // row.name, or with fileSuffix
	text  string
	where string // "the flag --room-idle"
}

// Load reads the settings for a command ("serve", "runner"). args are its arguments without the name; environ is as from
// os.Environ. After --help, which is written to stderr, the error is flag.ErrHelp. Any other error says everything that
// is wrong, a line each. An empty variable counts as not given.
func Load(command string, args, environ []string, stderr io.Writer) (Settings, error) {
	flags, err := readFlags(command, args)
	if errors.Is(err, flag.ErrHelp) {
		_, _ = io.WriteString(stderr, help(command)) // nobody reads it: there is nothing better to do
		return Settings{}, err
	}
	vars, envErr := readEnviron(environ)
	var lines []given
	var fileErr error
	if file := configFile(flags, vars); file != nil {
		lines, fileErr = readFile(file)
	}
	s := Default()
	errs := []error{err, envErr, fileErr}
	for _, level := range [][]given{lines, vars, flags} {
		errs = append(errs, s.take(level))
	}
	if err := errors.Join(errs...); err != nil {
		return Settings{}, err
	}
	return s, nil
}

// take puts what was given at one level into s.
func (s *Settings) take(level []given) error {
	var errs []error
	by := map[*setting]given{}
	for _, g := range level {
		if g.row == nil {
			continue // the name of the file itself
		}
		if before, ok := by[g.row]; ok && before.key != g.key {
			errs = append(errs, fmt.Errorf("%s and %s say the same thing: keep one of them", before.where, g.where))
			continue
		}
		by[g.row] = g
		text, err := g.value()
		if err == nil {
			err = g.row.set(s, text)
		}
		switch {
		case err == nil:
		case g.row.secret:
			errs = append(errs, fmt.Errorf("%s: %w", g.where, err))
		default:
			errs = append(errs, fmt.Errorf("%s is %q: %w", g.where, g.text, err))
		}
	}
	return errors.Join(errs...)
}

// value is the text given, or the content of the file that it names.
func (g *given) value() (string, error) {
	if g.key == g.row.name {
		return g.text, nil
	}
	data, err := os.ReadFile(g.text)
	return strings.TrimRight(string(data), "\r\n"), err
}

func configFile(levels ...[]given) *given {
	for _, level := range levels {
		for i := range slices.Backward(level) {
			if level[i].row == nil {
				return &level[i]
			}
		}
	}
	return nil
}

// readFlags reads "--name value", "--name=value", and "--name" alone for what is true or false.
func readFlags(command string, args []string) ([]given, error) {
	known := map[string]given{"config": {}}
	for i := range table {
		row := &table[i]
		key := row.keys()[len(row.keys())-1]
		if name := row.flag(command); name != "" {
			known[name] = given{row: row, key: key}
			known[key] = given{row: row, key: key} // the whole name goes too
		}
	}
	var all []given
	var errs []error
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		name, text, joined := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
		if !strings.HasPrefix(arg, "-") || name == "" {
			errs = append(errs, fmt.Errorf("codecollab %s takes flags only, and %q is none", command, arg))
			continue
		}
		if name == "help" || name == "h" {
			return nil, flag.ErrHelp
		}
		g, ok := known[name]
		switch {
		case ok && joined:
		case ok && g.row != nil && g.row.boolean:
			text = "true"
		case len(args) > 0 && (ok || !strings.HasPrefix(args[0], "-")):
			text, args = args[0], args[1:]
		case ok:
			errs = append(errs, fmt.Errorf("the flag --%s needs a value", name))
			continue
		}
		if !ok {
			errs = append(errs, unknownFlag(command, name, known))
			continue
		}
		g.text, g.where = text, "the flag --"+name
		all = append(all, g)
	}
	return all, errors.Join(errs...)
}

func unknownFlag(command, name string, known map[string]given) error {
	for i := range table {
		row := &table[i]
		if !slices.Contains(row.keys(), name) {
			continue
		}
		if own := row.flag(command); own != "" { // a secret
			return fmt.Errorf("everyone on this machine could read the flag --%s: use --%s or %s instead", name, own, row.env())
		}
		return fmt.Errorf("--%s is not a flag of codecollab %s but of codecollab %s", name, command, strings.Join(row.commands, " and "))
	}
	return fmt.Errorf("codecollab %s has no flag --%s%s", command, name, nearest("--", name, keysOf(known)))
}

// readEnviron reads the variables that begin with CODECOLLAB_.
func readEnviron(environ []string) ([]given, error) {
	known := map[string]given{envPrefix + "CONFIG": {}}
	for i := range table {
		for _, key := range table[i].keys() {
			known[envName(key)] = given{row: &table[i], key: key}
		}
	}
	var all []given
	var errs []error
	for _, pair := range environ {
		name, text, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, envPrefix) || notSetting(name) {
			continue
		}
		g, ok := known[name]
		switch {
		case !ok:
			errs = append(errs, fmt.Errorf("the environment has %s, which is no setting%s", name, nearest("", name, keysOf(known))))
		case text != "":
			g.text, g.where = text, "the variable "+name
			all = append(all, g)
		}
	}
	return all, errors.Join(errs...)
}

// notSetting names variables that are not meant for the program's user. Kubernetes puts CODECOLLAB_SERVICE_HOST,
// CODECOLLAB_PORT, CODECOLLAB_PORT_80_TCP and the like into every container beside a service called codecollab; what our own
// tests go by (CODECOLLAB_TEST_… and a few more) is inherited by the servers that they start.
func notSetting(name string) bool {
	rest := strings.TrimPrefix(name, envPrefix)
	for _, prefix := range []string{"SERVICE_", "PORT_", "TEST_"} {
		if strings.HasPrefix(rest, prefix) {
			return true
		}
	}
	return slices.Contains([]string{"PORT", "BIN", "SEED", "SEEDS", "SECONDS", "URL", "ANNOUNCE"}, rest)
}

// readFile reads a TOML file of name = value lines.
func readFile(file *given) ([]given, error) {
	data, err := os.ReadFile(file.text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file.where, err)
	}
	values := map[string]any{}
	if _, err := toml.Decode(string(data), &values); err != nil {
		if perr, ok := errors.AsType[toml.ParseError](err); ok {
			return nil, fmt.Errorf("%s, line %d: %s", file.text, perr.Position.Line, perr.Message)
		}
		return nil, fmt.Errorf("%s: %w", file.text, err)
	}
	known := map[string]given{}
	for i := range table {
		for _, key := range table[i].keys() {
			known[key] = given{row: &table[i], key: key}
		}
	}
	var all []given
	var errs []error
	for _, name := range keysOf(values) {
		where := fmt.Sprintf("%s, line %d: %s", file.text, lineOf(string(data), name), name)
		g, ok := known[name]
		switch value := values[name].(type) {
		case map[string]any:
			errs = append(errs, fmt.Errorf("%s is a table, and the file has none: write room-idle = …, not [room] and idle = …", where))
		case string, int64, bool:
			if !ok {
				errs = append(errs, fmt.Errorf("%s is no setting%s", where, nearest("", name, keysOf(known))))
				continue
			}
			g.text, g.where = fmt.Sprint(value), where
			all = append(all, g)
		default:
			errs = append(errs, fmt.Errorf("%s must be a text in quotes, a whole number, true or false", where))
		}
	}
	return all, errors.Join(errs...)
}

// lineOf is the line, counted from 1, on which a top-level name is given; a table's is that of its heading.
func lineOf(file, name string) int {
	n := 0
	for line := range strings.Lines(file) {
		n++
		line = strings.TrimLeft(line, " \t[\"'")
		rest, ok := strings.CutPrefix(line, name)
		if ok && strings.IndexAny(rest, "= \t.]\"'") == 0 {
			return n
		}
	}
	return 1
}
