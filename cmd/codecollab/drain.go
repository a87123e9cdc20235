package main

import (
	"context"
	"log/slog"
	"time"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/server"
)

// drain hands over to the other nodes. For a while this one only says that it is not to be asked any more, and starts no more
// programs; then its people move. A quarter of the time until it has to be over stays for those that could not be told.
func drain(ctx context.Context, s config.Settings, alive *lease, runs *run.Service, srv *server.Server, voices *voices, log *slog.Logger) {
	log.Info("this node is being stopped, and its people move to the others")
	within, cancel := context.WithTimeout(ctx, s.ShutdownTimeout*3/4)
	defer cancel()
	srv.Leave()
	alive.leave()
	runs.Drain()
	select {
	case <-time.After(s.DrainDelay):
	case <-within.Done():
	}
	voices.drain()
	srv.Move(within, s.DrainSpread)
}
