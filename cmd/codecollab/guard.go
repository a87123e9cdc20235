package main

import (
	"log/slog"
	"net/http"
	"time"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/gate"
)

// newLimits makes the limits of how often something may be asked for.
func newLimits(s config.Settings, n *nodes) *gate.Limits {
	limit := func(person, address int) gate.Limit {
		return gate.Limit{Person: gate.PerMinute(person), Address: gate.PerMinute(address)}
	}
	tries, counts := n.counts(s)
	return gate.NewLimits(gate.LimitOptions{
		SignIn: limit(s.LimitSignIn, s.LimitSignInAddress), Rooms: limit(s.LimitRooms, s.LimitRoomsAddress),
		Joins: limit(s.LimitJoins, s.LimitJoinsAddress), Requests: limit(s.LimitRequests, s.LimitRequestsAddress),
		Tries: tries, Counts: counts,
	})
}

// counts are shared by the nodes, where they have Redis.
func (n *nodes) counts(s config.Settings) (gate.Tries, gate.Limiter) {
	tries, counts := gate.NewAttempts(s.SignInTries, s.SignInDelayMax, s.LimitKeys, time.Now), gate.NewBuckets(s.LimitKeys, time.Now)
	if n.redis == nil {
		return tries, counts
	}
	return gate.NewSharedAttempts(n.redis, tries), gate.NewSharedBuckets(n.redis, counts)
}

// newGuard puts the guard before everything that is served.
func newGuard(s config.Settings, limits *gate.Limits, next http.Handler, seen *watching, log *slog.Logger) (*gate.Guard, error) {
	proxies, err := gate.ParseProxies(s.TrustedProxies)
	if err != nil {
		return nil, err
	}
	names, err := gate.HostNames(s.PublicURL, s.Hosts, s.Addr)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		log.Info("any host name is answered to; with public-url only its own is, which keeps pages of other sites out that make theirs lead here")
	}
	return gate.NewGuard(gate.GuardOptions{
		Proxies: proxies, Names: names, BodyBytes: int64(max(s.RequestMaxBytes, s.BatchMaxBytes)), BodyTime: s.RequestTime, Limits: limits, Log: log,
		Watch: seen.request, Trace: seen.trace,
	}, next), nil
}
