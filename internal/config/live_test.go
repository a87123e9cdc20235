package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestLive(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.toml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("run-room-max = 4\n")
	args := []string{"--config", file, "--run-person-max", "9"}
	s, err := Load("serve", args, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := NewLive("serve", args, nil, s)
	if l.Touched() {
		t.Error("touched before anything happened")
	}

	write("run-room-max = 40\nrun-person-max = 1\nrunner-token = \"secret\"\nroom-max-people = 7\n")
	if !l.Touched() {
		t.Error("a change is not noticed")
	}
	now, c, err := l.Read()
	if err != nil || now.RunRoomMax != 40 || now.RunPersonMax != 9 || now.RunnerToken.Reveal() != "secret" || now.RoomMaxPeople != s.RoomMaxPeople {
		t.Errorf("%+v %v", now, err)
	}
	if !slices.Equal(c.Taken, []string{"run-room-max", "runner-token"}) || !slices.Equal(c.Restart, []string{"room-max-people"}) {
		t.Errorf("%+v; a flag stays stronger than the file", c)
	}
	if l.Touched() {
		t.Error("still touched after it was read")
	}

	write("run-room-max = 0\n")
	if now, c, err := l.Read(); err == nil || !strings.Contains(err.Error(), "run-room-max") || now.RunRoomMax != 40 || c.Taken != nil {
		t.Errorf("a mistake: %+v %v", c, err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if l.Touched() {
		t.Error("a file that is gone says nothing new")
	}
}
