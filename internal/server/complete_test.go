package server

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

// Nobody adds a route about a room and forgets to say who may use it, or to try it in the matrix.
func TestEveryRouteOfARoomIsInTheMatrix(t *testing.T) {
	source, err := os.ReadFile("server.go")
	if err != nil {
		t.Fatal(err)
	}
	routes := regexp.MustCompile(`(?m)^.*"([A-Z]+) /api/v1/rooms/\{room\}([^"]*)", s\.(\w+)\(.*$`).FindAllStringSubmatch(string(source), -1)
	if len(routes) < 25 {
		t.Fatalf("only %d routes were found", len(routes))
	}
	all := slices.Concat(deeds(), lastDeeds())
	for _, r := range routes {
		method, path, how := r[1], r[2], r[3]
		if path == "/socket" || strings.HasPrefix(path, "/stream") {
			continue // the room decides, message by message
		}
		if how != "in" {
			t.Errorf("whoever likes may use %s", strings.TrimSpace(r[0]))
		}
		pattern := regexp.MustCompile("^" + regexp.MustCompile(`\\\{\w+(\\\.\\\.\\\.)?\\\}`).ReplaceAllString(regexp.QuoteMeta(path), "[^?]+") + `(\?.*)?$`)
		if !slices.ContainsFunc(all, func(d deed) bool { return d.method == method && pattern.MatchString(d.path) }) {
			t.Errorf("nobody tries %s %s", method, path)
		}
	}
}

// Neither does anybody add a message, or something that a batch can hold.
func TestEveryMessageIsInTheMatrix(t *testing.T) {
	client, _, bodies := wire.Vocabulary()
	said := func(part string) bool {
		return slices.ContainsFunc(deeds(), func(d deed) bool { return strings.Contains(d.say, part) })
	}
	for _, m := range client {
		if m.Type() != "join" && !said(`"t":"`+m.Type()+`"`) { // every scene begins with a join
			t.Errorf("nobody says %s", m.Type())
		}
	}
	for _, b := range bodies {
		if !said(`"kind":"` + b.Kind() + `"`) {
			t.Errorf("nobody tries a batch with %s", b.Kind())
		}
	}
}

// Every action is tried by something that can be done, but for what does not exist yet, and what TestWhoSeesWhichLink tries.
func TestEveryActionIsInTheMatrix(t *testing.T) {
	all := slices.Concat(deeds(), lastDeeds())
	for _, do := range rights.Actions() {
		if do != rights.InviteEditor && !slices.ContainsFunc(all, func(d deed) bool { return d.do == do }) {
			t.Errorf("nothing is %s", do)
		}
	}
}
