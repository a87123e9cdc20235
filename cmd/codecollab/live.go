package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"codecollab.dev/internal/config"
)

// lookEvery is how often the file of settings is looked at.
const lookEvery = 2 * time.Second

// liveSettings are the settings of a server while it runs: those that are live follow their file.
type liveSettings struct {
	read *config.Live
	log  *slog.Logger

	mu  sync.Mutex
	now config.Settings
	// What is wrong with the file since it was last read, and what of it counts after a restart.
	wrong, restart string
}

// troubles are what is wrong with the file of settings, and which settings wait for a restart.
func (l *liveSettings) troubles() (wrong, restart string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wrong, l.restart
}

func (l *liveSettings) note(c config.Changes, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.wrong = ""; err != nil {
		l.wrong = firstLine(err.Error())
		return
	}
	l.restart = strings.Join(c.Restart, ", ")
}

func newLiveSettings(s config.Settings, read *config.Live, log *slog.Logger) *liveSettings {
	return &liveSettings{read: read, log: log, now: s}
}

// get returns the settings now.
func (l *liveSettings) get() config.Settings {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

// follow reads the settings again when their file has changed and on SIGHUP, until ctx ends, and calls changed when one of them
// has another value.
func (l *liveSettings) follow(ctx context.Context, changed func()) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			l.log.Info("the settings are read again, as SIGHUP asks")
		case <-t.C:
			if !l.read.Touched() {
				continue
			}
		}
		l.again(changed)
	}
}

func (l *liveSettings) again(changed func()) {
	s, c, err := l.read.Read()
	l.note(c, err)
	if err != nil {
		l.log.Error("the settings have a mistake, and stay as they were", "err", err)
		return
	}
	if len(c.Restart) > 0 {
		l.log.Warn("settings have changed that need a restart", "settings", strings.Join(c.Restart, ", "))
	}
	if len(c.Taken) == 0 {
		return
	}
	l.mu.Lock()
	l.now = s
	l.mu.Unlock()
	l.log.Info("settings have changed and are in force", "settings", strings.Join(c.Taken, ", "))
	changed()
}
