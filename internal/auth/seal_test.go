package auth

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestWhatIsSealedOpensOnlyWhereItBelongs(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret.key")
	s, err := OpenSealer(file)
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(`{"clientSecret":"hush"}`)
	sealed := s.Seal(text, "connection c1")
	if bytes.Contains(sealed, []byte("hush")) {
		t.Error("the secret can be read")
	}
	again, err := OpenSealer(file) // after a restart
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(sealed, "connection c1"); err != nil || !bytes.Equal(got, text) {
		t.Errorf("it opens as %q, %v", got, err)
	}
	if _, err := again.Open(sealed, "connection c2"); err == nil {
		t.Error("it opens as another connection's")
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key is for %v, %v", info.Mode(), err)
	}
	other, err := OpenSealer(filepath.Join(t.TempDir(), "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Open(sealed, "connection c1"); err == nil {
		t.Error("another key opens it")
	}
}

func TestAKeyThatIsCutIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret.key")
	if err := os.WriteFile(file, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSealer(file); err == nil {
		t.Error("a key of five bytes is taken")
	}
}
