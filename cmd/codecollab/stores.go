package main

import (
	"context"
	"log/slog"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/store"
	dbengine "codecollab.dev/internal/store/engine"
)

// stores is where this process keeps things: files in the data folder, or schemas of a Postgres database.
type stores struct {
	folder string
	server *dbengine.Server // nil: SQLite in the folder
	source dbengine.Source
	conns  shares
}

// shares are the connections to Postgres, at most, for each thing that is kept.
type shares struct{ rooms, people, queue int }

// Connections that are enough for what is done seldom; rooms have the rest. People are asked about with every request, but most of
// the time what is remembered answers; the queue has one that listens.
const (
	peopleConns = 4
	queueConns  = 4
	nodesConns  = 1
)

// findStores looks where things are kept, and whether that can be used.
func findStores(ctx context.Context, s config.Settings, log *slog.Logger) (*stores, error) {
	k := &stores{folder: s.Data, source: dbengine.Folder(s.Data), conns: shares{people: peopleConns, queue: queueConns}}
	if s.DatabaseURL.Reveal() == "" {
		return k, nil
	}
	server, err := dbengine.Dial(ctx, s.DatabaseURL.Reveal())
	if err != nil {
		return nil, err
	}
	server.Patience = s.DatabaseTimeout
	log.Info("database", "at", server.Name(), "postgres", server.Version)
	if server.Unsafe {
		log.Warn("this Postgres does not wait for its disk (fsync or full_page_writes is off): a power cut can take what was acknowledged, and damage the rest")
	}
	k.server, k.source = server, server
	k.conns.rooms = s.DatabaseConns - peopleConns - queueConns - nodesConns - 2*store.BesideConns
	return k, nil
}

// rooms opens what is kept of rooms. It takes the data folder for this process, so it comes first.
func (k *stores) rooms(ctx context.Context, log *slog.Logger) (*store.Store, error) {
	return store.Open(ctx, store.Options{Dir: k.folder, Log: log, Database: k.server, Conns: k.conns.rooms})
}
