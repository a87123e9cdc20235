package config

import (
	"slices"
	"testing"
)

func TestSplit(t *testing.T) {
	flags, words := Split("runner", []string{"install", "--runner-data", "d", "go", "--runner-allow-weaker", "rust", "--data=x", "--xyzzy", "lua", "--addr"})
	if want := []string{"--runner-data", "d", "--runner-allow-weaker", "--data=x", "--xyzzy", "--addr"}; !slices.Equal(flags, want) {
		t.Errorf("flags %q, want %q", flags, want)
	}
	if want := []string{"install", "go", "rust", "lua"}; !slices.Equal(words, want) {
		t.Errorf("words %q, want %q", words, want)
	}
}
