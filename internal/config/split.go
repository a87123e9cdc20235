package config

import "strings"

// Split takes the words that are no flags out of a command's arguments, for commands that have both. Flags that are no
// settings are left for Load to refuse.
func Split(command string, args []string) (flags, words []string) {
	valued := map[string]bool{"config": true}
	for i := range table {
		if name := table[i].flag(command); name != "" && !table[i].boolean {
			valued[name], valued[table[i].keys()[len(table[i].keys())-1]] = true, true
		}
	}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "-" || !strings.HasPrefix(arg, "-") {
			words = append(words, arg)
			continue
		}
		flags = append(flags, arg)
		if name := strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"); valued[name] && len(args) > 0 {
			flags, args = append(flags, args[0]), args[1:]
		}
	}
	return flags, words
}

// Nearest returns "; did you mean …?" with the known name that is nearest to one that is not known, or nothing.
func Nearest(name string, known []string) string { return nearest("", name, known) }
