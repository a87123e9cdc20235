package attacks

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// Result is what has come of one attack in one tier.
type Result struct {
	Tier    string   `json:"tier"`
	Name    string   `json:"name"`
	Tries   string   `json:"tries"`
	Title   string   `json:"title"`
	Outcome string   `json:"outcome"`
	Why     string   `json:"why,omitempty"`
	Ends    []string `json:"ends"`
	Millis  int64    `json:"ms"`
}

type options struct {
	runner string
	token  string
	tier   string
	only   string
	json   bool
}

// tiers are the ways to confine programs, the strongest first.
var tiers = []string{"namespaces", "landlock"}

// Main runs the command with its arguments (those after "attack"). self is this program, which is started as the engine
// unless --runner names one. The error says that something got through, or that nothing could be tried.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer, self string) error {
	o := options{}
	f := flag.NewFlagSet("attack", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.runner, "runner", "", "the engine to attack, http://host:port (default: one is started for each tier)")
	f.StringVar(&o.token, "token", os.Getenv("CODECOLLAB_RUNNER_TOKEN"), "its bearer token")
	f.StringVar(&o.tier, "tier", "all", "auto (what the engine chooses), namespaces, landlock, gvisor, or all but the last that this host allows")
	f.StringVar(&o.only, "only", "", "only attacks whose name or line is one of these, separated by commas")
	f.BoolVar(&o.json, "json", false, "print JSON")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	all, err := Load()
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(a Attack) bool { return !a.named(o.only) })
	if len(all) == 0 {
		return fmt.Errorf("no attack has the name or line %q; there are: %s", o.only, names())
	}
	results, err := o.run(ctx, all, self, &table{w: stdout, quiet: o.json})
	if err != nil {
		return err
	}
	if o.json {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		if err := enc.Encode(results); err != nil {
			return err
		}
	}
	return verdict(results)
}

func (a *Attack) named(only string) bool {
	words := strings.Split(only, ",")
	return only == "" || slices.Contains(words, a.Name) || slices.Contains(words, a.Tries)
}

func names() string {
	all, _ := Load()
	var list []string
	for _, a := range all {
		list = append(list, a.Name)
	}
	return strings.Join(list, ", ")
}

func (o *options) run(ctx context.Context, all []Attack, self string, t *table) ([]Result, error) {
	if o.runner != "" {
		tier := o.tier
		if tier == "all" || tier == "auto" {
			tier = "unknown"
		}
		e := engine{url: strings.TrimSuffix(o.runner, "/"), token: o.token, http: &http.Client{Transport: &http.Transport{}}}
		t.head(tier)
		return (&campaign{engine: &e, secret: "bait" + rand.Text(), tier: tier, table: t}).run(ctx, all)
	}
	if err := adopt(); err != nil {
		return nil, err
	}
	list := []string{o.tier}
	if o.tier == "all" {
		list = tiers
	}
	var results []Result
	for _, tier := range list {
		got, err := attackChild(ctx, self, tier, all, t)
		if missing := (*absent)(nil); errors.As(err, &missing) && o.tier == "all" {
			t.note(fmt.Sprintf("tier %s is not to be had here: %s", tier, missing.why))
			continue
		}
		if err != nil {
			return results, fmt.Errorf("tier %s: %w", tier, err)
		}
		results = append(results, got...)
	}
	if len(results) == 0 {
		return nil, errors.New("this host allows no tier, so nothing was tried")
	}
	return results, nil
}

// attackChild attacks an engine of its own, and looks at what is left of it in the end.
func attackChild(ctx context.Context, self, tier string, all []Attack, t *table) (results []Result, err error) {
	secret := "bait" + rand.Text()
	c, err := startEngine(ctx, self, tier, secret)
	if err != nil {
		return nil, err
	}
	t.head(tier)
	h := &host{engine: c.cmd.Process.Pid, folders: []string{c.tmp()}}
	results, err = (&campaign{engine: &c.engine, secret: secret, host: h, tier: tier, table: t}).run(ctx, all)
	return results, errors.Join(err, c.stop())
}

// verdict is the error of the whole; nil when everything held.
func verdict(results []Result) error {
	n := count(results)
	if n[Breach]+n[Failed] == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d attacks got through, %d failed otherwise", n[Breach], len(results), n[Failed])
}

func count(results []Result) map[string]int {
	n := map[string]int{}
	for _, r := range results {
		n[r.Outcome]++
	}
	return n
}

func portOfURL(raw string) string {
	if u, err := url.Parse(raw); err == nil {
		if _, port, err := net.SplitHostPort(u.Host); err == nil {
			return port
		}
	}
	return "2000"
}

func since(start time.Time) int64 { return time.Since(start).Milliseconds() }
