package sandbox

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"
)

// tier is a way to confine programs.
type tier interface {
	report() Report
	// launch starts the first process of a cell, inside its bounds; it does nothing until it is asked.
	launch(number int64, spec Spec, memory int64) (*launched, error)
	close() error
}

// launched is a cell's first process, and what the supervisor knows of it.
type launched struct {
	conn   *net.UnixConn
	first  process
	bounds bounds
	plan   *blueprint
	owner  int // the host's number of the programs' user; negative: the supervisor's own
	// The rest is nil where the supervisor sees for itself.
	waiting func() bool   // whether the program waits for input
	said    func() string // what has been said about the making of the cell, if anybody says something
}

// process is a process that somebody else may have started.
type process struct {
	pid  int
	kill func() // it and all that it stands for
	wait func() // until they are gone
}

// bounds limit what all processes of a cell use together, and tell what they have used.
type bounds interface {
	limit(memory int64, tasks int) error
	usage() usage
	resetPeak()
	processes() []int // by the supervisor's numbers
	remove() error
}

// usage is what a cell has used so far.
type usage struct {
	cpu      time.Duration
	oom      int64   // processes killed for memory
	refused  int64   // forks refused for too many tasks
	peakByte int64   // of memory
	over     Verdict // a limit that has been passed, where nothing but a look finds out
}

// The tiers' names in settings.
const (
	auto           = "auto"
	namespacesTier = "namespaces"
	landlockTier   = "landlock"
	ociTier        = "gvisor"
)

// choose tries tiers, the strongest first, and gives the first that holds. It never gives one that the operator has not allowed.
func (s *Sandbox) choose(ctx context.Context) error {
	switch s.config.Tier {
	case namespacesTier:
		return s.try(ctx, newNamespaces)
	case landlockTier:
		return s.try(ctx, newLandlock)
	case ociTier:
		return s.try(ctx, newOCI)
	case auto:
	default:
		return &Refusal{Tier: s.config.Tier, Why: "there is no such way to confine programs", Do: "Choose auto, namespaces, landlock or gvisor"}
	}
	strong := s.try(ctx, newNamespaces)
	if strong == nil || !s.config.AllowWeaker {
		return strong
	}
	if err := s.try(ctx, newLandlock); err != nil {
		return errors.Join(strong, err)
	}
	s.config.Logger.Warn("programs are confined by the weaker tier", "tier", landlockTier, "because", strong)
	return nil
}

func (s *Sandbox) try(ctx context.Context, make func(Config) (tier, error)) error {
	t, err := make(s.config)
	if err != nil {
		return err
	}
	s.tier = t
	if err := s.selfTest(ctx); err != nil {
		s.tier = nil
		return errors.Join(refused(t.report().Tier, err), t.close())
	}
	return nil
}

// refused is the refusal of a tier whose test cell could not be made, or did not hold.
func refused(tier string, err error) *Refusal {
	r := &Refusal{Tier: tier, Why: "a cell cannot be made or does not hold", Err: err,
		Do: "Allow user namespaces (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns), use Linux 5.12 or later, and in Docker add --security-opt seccomp=unconfined --security-opt systempaths=unconfined --security-opt apparmor=unconfined; the codecollab binary must be executable by everyone. --runner-allow-weaker takes Landlock instead, which is weaker"}
	if strings.HasPrefix(tier, ociPrefix) {
		r.Do = "Try the OCI runtime by hand (runsc --version, runsc do true), look at what it says above, and put --runner-data on a file system where it can mount; or choose another --runner-sandbox"
	}
	if tier == landlockName {
		r.Do = "Use a kernel with Landlock (6.2 or later; 6.12 where the runner is not root), and put --runner-data where every user may enter it"
	}
	return r
}
