package toolchain

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"codecollab.dev/languages"
)

func language(id string, install languages.Install) languages.Language {
	return languages.Language{ID: id, Install: install}
}

// What is complete needs nothing, and neither a network nor a package manager to know that.
func TestPlanOfWhatIsThere(t *testing.T) {
	s := Open(t.TempDir())
	writeFile(t, filepath.Join(s.root("debian-13"), "var/lib/dpkg/status"), "Package: gcc\nStatus: install ok installed\nArchitecture: amd64\n")
	writeFile(t, filepath.Join(s.environment("debian-13"), "made.json"), `{"languages": ["c", "objective-c"]}`)
	writeFile(t, filepath.Join(s.Tools(), "ts", "made.json"), `{"npm": ["typescript@7"]}`)
	i := NewInstaller(s, nil, Options{})
	p, err := i.Plan(t.Context(), []languages.Language{
		language("c", languages.Install{Apt: []string{"gcc"}}),
		language("ts", languages.Install{NPM: []string{"typescript@7"}}),
		language("nowhere", languages.Install{Note: "Buy it."}),
	})
	if err != nil || !p.Empty() || !slices.Equal(p.Already, []string{"c", "ts"}) || p.Refused["nowhere"] != "nobody packages it. Buy it." || p.Free <= 0 {
		t.Errorf("%+v, %v", p, err)
	}
	// Another version of npm's part replaces what is there.
	p, err = i.Plan(t.Context(), []languages.Language{language("ts", languages.Install{NPM: []string{"typescript@8"}})})
	if err != nil || len(p.Tools) != 1 || p.Tools[0].Language != "ts" || len(p.Already) != 0 {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := i.Plan(t.Context(), []languages.Language{language("x", languages.Install{Release: "debian-3", Apt: []string{"x"}})}); err == nil ||
		!strings.Contains(err.Error(), `languages/x: no release "debian-3"`) {
		t.Error(err)
	}
}

func TestApplyNeedsRoom(t *testing.T) {
	p := &Plan{Environments: []EnvironmentPlan{{Download: 2e9, Disk: 3e9}}, Free: 4e9}
	err := NewInstaller(Open(t.TempDir()), nil, Options{}).Apply(t.Context(), p)
	if err == nil || !strings.Contains(err.Error(), "has 4.0 GB left and this needs 5.0 GB") {
		t.Error(err)
	}
}

// Leftovers of an installation that was killed go, and what is complete stays.
func TestSweep(t *testing.T) {
	s := Open(t.TempDir())
	for _, name := range []string{"environments/debian-13.new/root/x", "environments/mine.old/root/x", "environments/.plan-debian-12/lists/x",
		"tools/.ts.new/x", "tools/.cache/x", "environments/debian-13/made.json", "tools/ts/made.json"} {
		writeFile(t, filepath.Join(s.dir, name), "{}")
	}
	if err := NewInstaller(s, nil, Options{}).sweep(); err != nil {
		t.Fatal(err)
	}
	if got, want := tree(t, s.dir), "environments/ environments/debian-13/ environments/debian-13/made.json={} tools/ tools/ts/ tools/ts/made.json={}"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
