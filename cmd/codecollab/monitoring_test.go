package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"codecollab.dev/internal/metrics"
)

const monitoring = "../../deploy/monitoring"

// known are the names of all series that a server has: histograms have three.
func known(t *testing.T) map[string]bool {
	t.Helper()
	m := metrics.New("v", "n", 1, func() metrics.Sample { return metrics.Sample{} })
	names := map[string]bool{"up": true}
	for _, a := range m.All() {
		names[a.Name] = true
		if a.Type == "histogram" {
			names[a.Name+"_bucket"], names[a.Name+"_sum"], names[a.Name+"_count"] = true, true, true
		}
	}
	families, err := m.Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		name := f.GetName()
		names[name] = true
		if strings.HasPrefix(name, "codecollab_") && !names[name] {
			t.Errorf("%s is not told of in docs/metrics.md", name)
		}
	}
	return names
}

var seriesName = regexp.MustCompile(`\b(?:codecollab|go|process)_[a-z0-9_]+`)

func checkNames(t *testing.T, names map[string]bool, where, expr string) {
	t.Helper()
	found := seriesName.FindAllString(expr, -1)
	if len(found) == 0 && !strings.Contains(expr, "up{") {
		t.Errorf("%s asks for no metric: %s", where, expr)
	}
	for _, name := range found {
		if !names[name] {
			t.Errorf("%s asks for %s, which no server has", where, name)
		}
	}
}

// unshown are metrics that are for looking closer.
var unshown = map[string]bool{
	"codecollab_runner_languages": true, "codecollab_edit_durable_seconds": true, "codecollab_voice_jitter_seconds": true,
	"codecollab_voice_packets_excess_total": true, "codecollab_voice_packets_withheld_total": true, "codecollab_voice_relay_packets_total": true,
}

func TestTheDashboardKnowsItsMetrics(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(monitoring, "dashboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Title, UID string
		Panels     []struct {
			ID                       int
			Type, Title, Description string
			GridPos                  struct{ X, Y, W, H int }
			FieldConfig              struct{ Defaults struct{ Unit string } }
			Targets                  []struct{ Expr, LegendFormat, RefID string }
		}
	}
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	names, ids, panels := known(t), map[int]bool{}, 0
	shown := map[string]bool{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.Title == "" || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %d %q has the number of another one, no title, or lies outside", p.ID, p.Title)
		}
		ids[p.ID] = true
		if p.Type == "row" {
			continue
		}
		panels++
		if p.FieldConfig.Defaults.Unit == "" || p.Description == "" || len(p.Targets) == 0 {
			t.Errorf("panel %q has no unit, description or query", p.Title)
		}
		for _, q := range p.Targets {
			checkNames(t, names, "panel "+p.Title, q.Expr)
			for _, name := range seriesName.FindAllString(q.Expr, -1) {
				shown[strings.TrimSuffix(name, "_bucket")] = true
			}
			if q.LegendFormat == "" || q.RefID == "" {
				t.Errorf("a query of panel %q has no legend or name", p.Title)
			}
		}
	}
	if panels < 30 {
		t.Errorf("%d panels", panels)
	}
	for _, a := range metrics.New("", "", 0, func() metrics.Sample { return metrics.Sample{} }).All() {
		if !shown[a.Name] && !unshown[a.Name] {
			t.Errorf("the dashboard shows %s nowhere", a.Name)
		}
	}
}

func TestTheAlertsKnowTheirMetrics(t *testing.T) {
	file := filepath.Join(monitoring, "alerts.yml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	names := known(t)
	rules := regexp.MustCompile(`(?m)^ +- alert: (\w+)\n +expr: (.+)$`).FindAllStringSubmatch(string(data), -1)
	if len(rules) < 10 {
		t.Fatalf("%d alerts", len(rules))
	}
	for _, r := range rules {
		checkNames(t, names, r[1], r[2])
	}
	promtool(t, "", "check", "rules", file)
	promtool(t, "", "test", "rules", filepath.Join(monitoring, "alerts_test.yml"))
}

// Every problem has its sentences on the page in both languages, and a line in docs/operate.md.
func TestProblemsAreInWords(t *testing.T) {
	source, err := os.ReadFile("problems.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`l\.add\("([a-z_]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(codes) < 10 {
		t.Fatalf("only %d problems were found", len(codes))
	}
	for file, form := range map[string]string{
		"../../web/app/src/words/en/office-status.ts": "\n    %s: [", "../../web/app/src/words/de/office-status.ts": "\n    %s: [", "../../docs/operate.md": "| `%s` |",
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range codes {
			if !strings.Contains(string(text), strings.ReplaceAll(form, "%s", c[1])) {
				t.Errorf("%s says nothing of %s", file, c[1])
			}
		}
	}
}
