package main

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/server"
)

// A data folder with less than this free is nearly full: below the second number rooms soon become read-only.
const (
	littleFree = 2 << 30
	noFree     = 256 << 20
)

// bad and weak are how much a problem matters.
const (
	bad  = "bad"  // people notice
	weak = "weak" // they soon may
)

// problems are what somebody should do something about, the worst first. Whoever adds a code adds its sentences to the page
// (web/app/src/words/*/office-status.ts) and to docs/operate.md; a test compares them.
func (h *health) problems(st *server.Status, db, runner error) []server.Problem {
	s := h.live.get()
	var l problemList
	if db != nil {
		l.add("database_away", bad, firstLine(db.Error()), "The database does not answer: nothing can be read or written.", "Start it again, and look at database-url and at its own log.")
	} else if st.Rooms.ReadOnly > 0 {
		l.add("database_read_only", bad, fmt.Sprint(st.Rooms.ReadOnly), "Rooms could not be written to at the last try.", "Look whether the disk is full, or the database read-only.")
	}
	h.runnerProblems(&l, st, runner)
	if !st.Bus.Up {
		l.add("redis_away", weak, firstLine(st.Bus.Why), "Redis does not answer: nodes notice a little later what happens on others.", "Start it again, and look at redis-url. Nothing is lost meanwhile.")
	}
	if free := st.Disk.Free; st.Disk.Total > 0 && free < littleFree {
		level := weak
		if free < noFree {
			level = bad
		}
		l.add("disk_full", level, fmt.Sprintf("%d MiB", free>>20), "The disk of the data folder is nearly full.", "Make room: without any, rooms become read-only.")
	}
	for _, m := range st.Models {
		if !m.Up {
			l.add("model_away", weak, m.Name+": "+firstLine(m.Why), "A model for hints does not answer; others are asked, or hints stand on facts alone.", "Look at hint-providers and its key.")
		}
	}
	if st.Queue.Waiting > queueLong*max(1, st.Queue.Workers) {
		l.add("queue_long", weak, fmt.Sprint(st.Queue.Waiting), "Many programs wait for their turn.", "Add runners (runner-url), or raise run-workers.")
	}
	if h.diverged != nil && h.diverged() {
		l.add("diverged", bad, "", "A browser's text was not the same as the server's.", "It has mended itself by reading the room again. Please report it, with the log of that time.")
	}
	h.settingProblems(&l, &s)
	return l.sorted()
}

// ownStart is how long the runner that this server starts may look for its languages before it counts as away. When its process
// fails, that is a problem at once.
const ownStart = time.Minute

// queueLong times the workers is a long queue.
const queueLong = 10

func (h *health) runnerProblems(l *problemList, st *server.Status, failure error) {
	if failure != nil {
		l.add("runner_failed", bad, firstLine(failure.Error()), "The runner of this server does not start.", "\"codecollab doctor\" says what this host lacks.")
		return
	}
	starts := func(r *server.Runner) bool { return r.Name == ownRunner && time.Since(h.started) < ownStart }
	away := 0
	for i := range st.Runners {
		if r := &st.Runners[i]; !r.Up && !starts(r) {
			away++
		}
	}
	for i := range st.Runners {
		r := &st.Runners[i]
		if r.Up || starts(r) {
			continue
		}
		level := weak
		if away == len(st.Runners) {
			level = bad
		}
		l.add("runner_away", level, r.Name+": "+firstLine(r.Why), "A runner does not answer.", "Start \"codecollab runner\" there, and look at runner-url and runner-token.")
	}
}

// settingProblems are what is wrong with the settings of a server that runs all the same.
func (h *health) settingProblems(l *problemList, s *config.Settings) {
	if wrong, restart := h.live.troubles(); wrong != "" {
		l.add("settings_wrong", weak, wrong, "The file of settings has a mistake; those from before stay in force.", "Mend the file; it is read again by itself.")
	} else if restart != "" {
		l.add("settings_restart", weak, restart, "Settings have changed that count only after a restart.", "Restart this server when it suits.")
	}
	settledProblems(l, s)
}

// settledProblems are what settings themselves tell; the doctor says it, too.
func settledProblems(l *problemList, s *config.Settings) {
	if s.MetricsAddr != "" && openAddr(s.MetricsAddr) {
		l.add("metrics_open", weak, s.MetricsAddr, "Metrics can be read by everybody who reaches this address.", "Use a loopback or private address in metrics-addr, or a firewall.")
	}
	if u, err := url.Parse(s.PublicURL); s.PublicURL != "" && err == nil && u.Scheme == "http" && !isLocal(u.Hostname()) {
		l.add("no_https", weak, s.PublicURL, "People come by HTTP: whoever is in between can read along, and browsers give no microphone.", "Put a proxy with HTTPS in front, and https:// into public-url.")
	}
}

func isLocal(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// openAddr reports whether an address to listen on may be reached by anybody: it is neither loopback nor private.
func openAddr(addr string) bool {
	host := addr[:max(0, strings.LastIndex(addr, ":"))]
	if isLocal(host) {
		return false
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err != nil || !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast()
}

type problemList struct{ bad, weak []server.Problem }

func (l *problemList) add(code, severity, about, text, do string) {
	p := server.Problem{Code: code, Severity: severity, About: about, Text: text, Do: do}
	if severity == bad {
		l.bad = append(l.bad, p)
	} else {
		l.weak = append(l.weak, p)
	}
}

func (l *problemList) sorted() []server.Problem {
	return append(append([]server.Problem{}, l.bad...), l.weak...)
}
