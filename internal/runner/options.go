// Package runner is a Piston v2 server: it takes programs over HTTP and WebSocket, runs them in sandbox cells and says
// what they printed and how they ended. It holds no secrets but its own token, and knows nothing of rooms or people.
//
// What Piston's clients expect is kept: paths, fields, error bodies, close codes. What is added, they ignore. Output is not
// a reason to kill a program until it is absurd: the head and the tail are kept, with a count of what is between.
package runner

import (
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"runtime"
	"time"

	"codecollab.dev/internal/toolchain"
	"codecollab.dev/languages"
)

// Options are the settings of a server. Zero values mean the defaults named here.
type Options struct {
	// Addr is the address that the handler will be served on, host:port. Beyond loopback a Token is required.
	Addr string
	// Token is asked of every request as "Authorization: Bearer …"; empty asks for none.
	Token string
	// DataDir holds environments, what npm and Go installed, compile caches, and what languages answered. Default
	// /var/cache/codecollab.
	DataDir string

	// Languages is the catalogue; default: all that the binary holds.
	Languages languages.Catalogue
	// Packages lets clients install and remove languages.
	Packages bool
	// Toolchain says how.
	Toolchain toolchain.Options

	Sandbox     string // what confines programs: "auto" (the default), "namespaces", "landlock" or "gvisor"
	OCIRuntime  string // of gvisor: a path or a name in PATH; default "runsc"
	AllowWeaker bool   // auto may choose landlock, which is weaker, rather than refuse

	Concurrency int // jobs at a time; default one a CPU
	Queue       int // jobs that may wait for their turn, beyond which the answer is 429; default 4 × Concurrency
	Pool        int // cells kept ready; default Concurrency, at least 2

	RunTimeout     time.Duration // wall and CPU time of the run stage if the request names none; default 10 s
	CompileTimeout time.Duration // the same for the compile stage; default 20 s
	MaxTimeout     time.Duration // the most that a request may ask for; default 60 s
	RunMemory      int64         // bytes; default 256 MiB
	CompileMemory  int64         // bytes; default 512 MiB
	MaxMemory      int64         // bytes; the most that a request may ask for; default 1 GiB
	Tasks          int           // processes and threads of a stage; default 64
	Disk           int64         // bytes in each of /work and /tmp; they count as memory too; default 64 MiB
	Inodes         int64         // files in each of them; default 10 000
	OpenFiles      uint64        // of one process; default 512

	KeepOutput int // bytes kept of each stream's head, and as much of its tail; default 64 KiB
	StreamMax  int // bytes of each stream that /connect sends as they come, before it keeps only the tail; default 1 MiB
	MaxOutput  int // bytes of one stream after which a program is stopped; default 256 MiB

	CollectFiles int   // files that a job may give back; default 16
	CollectBytes int64 // of one of them; default 2 MiB
	CollectTotal int64 // of all of them; default 8 MiB

	// Finish lets a job whose client has gone run to its end; otherwise it is stopped.
	Finish bool

	MaxBody     int64         // bytes of a request; default 8 MiB
	MaxFiles    int           // of a request; default 100
	InitTimeout time.Duration // how long /connect waits for "init"; default 5 s
	Logger      *slog.Logger  // default: discards
}

func orDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

func (o Options) withDefaults() (Options, error) {
	orDefault(&o.DataDir, "/var/cache/codecollab")
	dir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return o, err
	}
	o.DataDir = dir
	orDefault(&o.Concurrency, runtime.NumCPU())
	orDefault(&o.Queue, 4*o.Concurrency)
	orDefault(&o.Pool, max(2, o.Concurrency))
	orDefault(&o.RunTimeout, 10*time.Second)
	orDefault(&o.CompileTimeout, 20*time.Second)
	orDefault(&o.MaxTimeout, 60*time.Second)
	orDefault(&o.RunMemory, 256<<20)
	orDefault(&o.CompileMemory, 512<<20)
	orDefault(&o.MaxMemory, 1<<30)
	orDefault(&o.Tasks, 64)
	orDefault(&o.Disk, 64<<20)
	orDefault(&o.Inodes, 10_000)
	orDefault(&o.OpenFiles, 512)
	orDefault(&o.KeepOutput, 64<<10)
	orDefault(&o.StreamMax, 1<<20)
	orDefault(&o.MaxOutput, 256<<20)
	orDefault(&o.CollectFiles, 16)
	orDefault(&o.CollectBytes, 2<<20)
	orDefault(&o.CollectTotal, 8<<20)
	orDefault(&o.MaxBody, 8<<20)
	orDefault(&o.MaxFiles, 100)
	orDefault(&o.InitTimeout, 5*time.Second)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

// CheckAddr refuses an address beyond loopback when there is no token: whoever reaches a runner can run programs.
func CheckAddr(addr, token string) error {
	if token != "" || addr == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("the runner's address %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("the runner would listen on %s, beyond this machine, without a token: set a token, or listen on 127.0.0.1", addr)
}
