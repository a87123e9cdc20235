package main

import (
	"context"
	"fmt"
	"time"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/doctor"
	"codecollab.dev/internal/store"
	dbengine "codecollab.dev/internal/store/engine"
)

// postgres looks at the database that the settings name, and changes nothing there.
func postgres(s config.Settings) doctor.Check {
	return func(ctx context.Context) []doctor.Finding {
		ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		f := doctor.Finding{Area: "Storage", Name: "database", State: doctor.OK}
		server, err := dbengine.Dial(ctx, s.DatabaseURL.Reveal())
		if err != nil {
			f.State, f.Found = doctor.Bad, err.Error()
			f.Remedy = "Mend that, or empty database-url to use SQLite in the data folder."
			return []doctor.Finding{f}
		}
		facts, err := store.InspectServer(ctx, server)
		if err != nil {
			f.State, f.Found, f.Remedy = doctor.Bad, err.Error(), "Look at what Postgres itself logs."
			return []doctor.Finding{f}
		}
		f.Found = fmt.Sprintf("Postgres %s at %s, ", server.Version, server.Name())
		if facts.Exists {
			f.Found += fmt.Sprintf("%d rooms, %.1f MiB, tables of version %d", facts.Rooms, float64(facts.Bytes)/(1<<20), facts.Tables)
		} else {
			f.Found += "empty: its tables are made at the first start"
		}
		switch {
		case facts.Tables > facts.Known:
			f.State, f.Found = doctor.Bad, f.Found+fmt.Sprintf("; this binary knows version %d at most", facts.Known)
			f.Remedy = "Use the newer CodeCollab that made it."
		case server.Unsafe:
			f.State, f.Remedy = doctor.Weak, "Set fsync = on and full_page_writes = on in postgresql.conf: a power cut can take what was acknowledged, and damage the rest."
		}
		return []doctor.Finding{f, connections(s, facts)}
	}
}

// connections says whether the server lets this node have as many as it may open.
func connections(s config.Settings, facts store.ServerFacts) doctor.Finding {
	f := doctor.Finding{Area: "Storage", Name: "connections", State: doctor.OK,
		Found: fmt.Sprintf("%d of %d are open; this node opens %d at most (database-conns)", facts.Open, facts.MostOpen, s.DatabaseConns)}
	if s.DatabaseConns > facts.MostOpen {
		f.State, f.Remedy = doctor.Weak, "Raise max_connections in postgresql.conf, or lower database-conns: all nodes together have to stay below it."
	}
	return f
}
