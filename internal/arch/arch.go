// Package arch holds the tests that keep the house in order: who may import whom, a comment on every package, and no
// file that has outgrown its reason. The tables are in rules.go; docs/architecture.md says what they are for.
package arch

import (
	"fmt"
	"slices"
	"strings"
)

const module = "codecollab.dev"

// pkg is what the rules look at: one package without its tests.
type pkg struct {
	folder  string // from the root of the module, with slashes; "." is the root
	imports []string
	comment string
}

// check returns what is wrong with p, a sentence each.
func check(p pkg) []string {
	var wrong []string
	if strings.TrimSpace(p.comment) == "" {
		wrong = append(wrong, fmt.Sprintf("%s has no package comment: say in a sentence what it is for", p.folder))
	}
	r := ruleFor(p.folder)
	if r == nil {
		return append(wrong, fmt.Sprintf("%s is in no row of the table: add it to internal/arch/rules.go, with whom it may import", p.folder))
	}
	for _, path := range p.imports {
		if why := refuse(r, p.folder, path); why != "" {
			wrong = append(wrong, fmt.Sprintf("%s imports %s: %s", p.folder, path, why))
		}
	}
	return wrong
}

// ruleFor finds the row of a folder or of the nearest folder above it.
func ruleFor(folder string) *rule {
	var best *rule
	for i := range rules {
		r := &rules[i]
		if within(folder, r.folder) && (best == nil || len(r.folder) > len(best.folder)) {
			best = r
		}
	}
	return best
}

// refuse says why a package under r may not import path; "" when it may.
func refuse(r *rule, folder, path string) string {
	for _, b := range bans {
		if path == b.path && !slices.ContainsFunc(b.but, func(f string) bool { return within(folder, f) }) {
			return b.why
		}
	}
	inside, isInside := strings.CutPrefix(path, module+"/")
	standard := !strings.Contains(strings.Split(path, "/")[0], ".")
	switch {
	case path == module || r.all:
		return ""
	case isInside:
		if within(inside, r.folder) && r.folder != "." || under(inside, r.inside) {
			return ""
		}
	case standard:
		if !under(path, r.never) {
			return ""
		}
	default:
		if under(path, r.outside) {
			return ""
		}
	}
	return r.why
}

// within reports whether path is folder or below it; only the root itself is within ".".
func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

func under(path string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return within(path, f) })
}
