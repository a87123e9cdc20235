package main

import (
	"reflect"
	"slices"
	"testing"

	"codecollab.dev/internal/run/piston"
	"codecollab.dev/languages"
)

func TestWhatTheRunnerHasIsSortedByTheCatalogue(t *testing.T) {
	c := languages.Catalogue{{ID: "python", Aliases: []string{"py"}}, {ID: "go"}}
	got := installed(c, []piston.Runtime{
		{Language: "python", Version: "3.9.2"}, {Language: "py", Version: "3.13.1", Formats: true}, {Language: "python", Version: "3.9.2"},
		{Language: "golang", Aliases: []string{"go"}, Version: "1.24.0"}, {Language: "klingon", Version: "1"},
	})
	want := map[string]here{"python": {versions: []string{"3.13.1", "3.9.2"}, formats: true}, "go": {versions: []string{"1.24.0"}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestVersionsAreComparedByNumber(t *testing.T) {
	list := []string{"1.9", "1.10.1", "2", "1.10", "10.0"}
	slices.SortFunc(list, newerFirst)
	if want := []string{"10.0", "2", "1.10.1", "1.10", "1.9"}; !slices.Equal(list, want) {
		t.Errorf("got %v, want %v", list, want)
	}
}
