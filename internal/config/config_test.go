package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
)

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "codecollab.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func load(t *testing.T, command string, args, environ []string) Settings {
	t.Helper()
	s, err := Load(command, args, environ, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTable(t *testing.T) {
	Default() // panics where a default is not in its own range
	for _, command := range []string{"serve", "runner"} {
		taken := map[string]string{"config": "config", "help": "help", "h": "help"}
		for _, row := range table {
			name := row.flag(command)
			if name == "" {
				continue
			}
			if other, ok := taken[name]; ok {
				t.Errorf("codecollab %s --%s is both %s and %s", command, name, row.name, other)
			}
			taken[name] = row.name
		}
	}
	for _, row := range table {
		if notSetting(row.env()) {
			t.Errorf("%s is a name that the environment ignores", row.env())
		}
		if row.commands == nil || row.help == "" || strings.HasSuffix(row.help, ".") || strings.Contains(row.help, "|") {
			t.Errorf("%s: needs commands, and a help text without a full stop or a bar", row.name)
		}
	}
}

func TestDefaults(t *testing.T) {
	s := load(t, "serve", nil, []string{"HOME=/root", "CODECOLLAB_ADDR="})
	if s.Addr != ":8080" || s.RoomTailBytes != 4<<20 || s.FileMaxUnits != 5242880 || s.LogLevel != slog.LevelInfo {
		t.Errorf("got %+v", s)
	}
}

func TestPrecedence(t *testing.T) {
	file := write(t, "addr = \":1\"\nroom-idle = \"1m\"\nroom-max-files = 7\nlog-level = 'DEBUG'\nrun-disk = \"1GiB\"\n")
	s := load(t, "serve", []string{"--config", file, "-addr=:3"},
		[]string{"CODECOLLAB_ADDR=:2", "CODECOLLAB_ROOM_IDLE=2m", "CODECOLLAB_CONFIG=/nowhere"})
	if s.Addr != ":3" || s.RoomIdle != 2*time.Minute || s.RoomMaxFiles != 7 || s.LogLevel != slog.LevelDebug || s.RunDisk != 1<<30 {
		t.Errorf("got %+v", s)
	}
	if s := load(t, "serve", nil, []string{"CODECOLLAB_CONFIG=" + file}); s.Addr != ":1" {
		t.Errorf("the file that the environment names was not read: %+v", s)
	}
}

func TestOwnNameIsLeftOut(t *testing.T) {
	s := load(t, "runner", []string{"--addr", ":7", "--runner-capacity=3"}, []string{"CODECOLLAB_ADDR=:8"})
	if s.RunnerAddr != ":7" || s.RunnerCapacity != 3 || s.Addr != ":8" {
		t.Errorf("got %+v", s)
	}
}

func TestRefusals(t *testing.T) {
	file := write(t, "room-idel = \"1m\"\n\n# of old\n[room]\nidle = \"1m\"\n")
	broken := write(t, "addr = \":1\"\nroom-idle = 1 m\n")
	wrong := write(t, "room-idle = 1.5\nrunner-token = \"tops3cret\"\nrunner-token-file = \"/nowhere\"\n")
	for _, c := range []struct {
		command string
		args    []string
		environ []string
		want    []string
	}{
		{"serve", []string{"--room-idel", "1m"}, nil, []string{"codecollab serve has no flag --room-idel; did you mean --room-idle?"}},
		{"serve", []string{"--xyzzy"}, nil, []string{"codecollab serve has no flag --xyzzy"}},
		{"runner", []string{"--room-idle=1m"}, nil, []string{"--room-idle is not a flag of codecollab runner but of codecollab serve"}},
		{"serve", []string{"now"}, nil, []string{`takes flags only, and "now" is none`}},
		{"serve", []string{"--addr"}, nil, []string{"the flag --addr needs a value"}},
		{"serve", []string{"--runner-token", "tops3cret"}, nil, []string{"everyone on this machine could read", "use --runner-token-file or CODECOLLAB_RUNNER_TOKEN"}},
		{"runner", []string{"--token-file", "/nowhere"}, nil, []string{"the flag --token-file: open /nowhere"}},
		{"serve", nil, []string{"CODECOLLAB_ROOM_IDEL=1m"}, []string{"the environment has CODECOLLAB_ROOM_IDEL", "did you mean CODECOLLAB_ROOM_IDLE?"}},
		{"serve", []string{"--config", file}, nil, []string{"codecollab.toml, line 1: room-idel is no setting; did you mean room-idle?", "line 4: room is a table"}},
		{"serve", []string{"--config", broken}, nil, []string{"codecollab.toml, line 2: "}},
		{"serve", []string{"--config", "/nowhere"}, nil, []string{"the flag --config: open /nowhere"}},
		{"serve", []string{"--config", wrong}, nil, []string{"line 1: room-idle must be a text in quotes",
			"line 2: runner-token and ", "line 3: runner-token-file say the same thing"}},
		{"serve", []string{"--room-max-people", "0"}, nil, []string{`the flag --room-max-people is "0": it must be 1 to 100000`}},
		{"serve", []string{"--room-max-people", "many"}, nil, []string{"whole number"}},
		{"serve", nil, []string{"CODECOLLAB_ROOM_IDLE=10"}, []string{`the variable CODECOLLAB_ROOM_IDLE is "10": a duration`}},
		{"serve", nil, []string{"CODECOLLAB_ROOM_IDLE=25h"}, []string{"1s to 24h"}},
		{"serve", []string{"--run-memory", "1.5GiB"}, nil, []string{"a size is a whole number with a unit"}},
		{"serve", []string{"--run-memory", "9223372036854775807KiB"}, nil, []string{"a size is"}},
		{"serve", []string{"--run-memory", "-1MiB"}, nil, []string{"a size is"}},
		{"serve", []string{"--log-level", "loud"}, nil, []string{"one of debug, info, warn, error"}},
		{"serve", []string{"--addr-x", "--nope"}, []string{"CODECOLLAB_NOPE=1"}, []string{"--addr-x", "--nope", "CODECOLLAB_NOPE"}}, // all at once
	} {
		t.Run(strings.Join(append(c.args, c.environ...), " "), func(t *testing.T) {
			_, err := Load(c.command, c.args, c.environ, io.Discard)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in:\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), "tops3cret") {
				t.Errorf("a secret is shown: %v", err)
			}
		})
	}
}

func TestVariablesOfOthersAreIgnored(t *testing.T) {
	load(t, "serve", nil, []string{"CODECOLLAB_SERVICE_HOST=10.0.0.1", "CODECOLLAB_PORT=tcp://10.0.0.1:80", "CODECOLLAB_PORT_80_TCP_PORT=80", "CODECOLLAB_BIN=bin/codecollab"})
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]Size{"0": 0, "17": 17, "17B": 17, "64KiB": 65536, "4 MiB": 4 << 20, "1GiB": 1 << 30, "2TiB": 2 << 40, "3MB": 3e6, "1kB": 1000} {
		var got Size
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q: got %d, %v, want %d", text, got, err, want)
		}
		var again Size
		if err := again.UnmarshalText([]byte(got.String())); err != nil || again != got {
			t.Errorf("%q: String is %s, which reads as %d, %v", text, got, again, err)
		}
	}
}

func TestSecretFromFile(t *testing.T) {
	file := write(t, "tops3cret\n")
	for _, s := range []Settings{
		load(t, "serve", nil, []string{"CODECOLLAB_RUNNER_TOKEN_FILE=" + file}),
		load(t, "serve", []string{"--runner-token-file", file}, []string{"CODECOLLAB_RUNNER_TOKEN=other"}),
		load(t, "runner", []string{"--token-file", file}, nil),
		load(t, "serve", []string{"--config", write(t, "runner-token-file = '"+file+"'")}, nil),
	} {
		if got := s.RunnerToken.Reveal(); got != "tops3cret" {
			t.Errorf("got %q", got)
		}
	}
}

func TestSecretNeverShows(t *testing.T) {
	secret := NewSecret("tops3cret")
	s := Settings{RunnerToken: secret}
	within := struct{ hidden Secret }{secret}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		for _, v := range []any{secret, &secret, s, &s, within, &within, []Secret{secret}, map[string]any{"a": s}} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("start", "token", secret, "settings", s, "within", within)
	}
	if err := json.NewEncoder(&out).Encode(s); err != nil {
		t.Error(err)
	}
	if err := toml.NewEncoder(&out).Encode(s); err != nil {
		t.Error(err)
	}
	fmt.Fprintln(&out, errors.New(secret.String()))
	for _, form := range []string{"tops3cret", fmt.Sprintf("%x", "tops3cret"), fmt.Sprintf("%X", "tops3cret")} {
		if i := strings.Index(out.String(), form); i >= 0 {
			t.Errorf("shown: %s", out.String()[max(0, i-80):i+len(form)])
		}
	}
	if !strings.Contains(out.String(), hidden) {
		t.Error("nothing tells that there is a secret")
	}
}

func TestHelp(t *testing.T) {
	var out bytes.Buffer
	if _, err := Load("runner", []string{"--nonsense", "--help"}, nil, &out); !errors.Is(err, flag.ErrHelp) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"usage: codecollab runner", "--addr\n", "--token-file\n", "default 256MiB; 16MiB to 1TiB"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "room-max-people") {
		t.Error("the help of runner lists a setting of serve")
	}
}

func TestReferenceIsFresh(t *testing.T) {
	page, err := os.ReadFile("../../docs/settings.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != Reference() {
		t.Error("docs/settings.md is stale: run make generate")
	}
}
