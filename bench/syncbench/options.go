package syncbench

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"
)

// options are the flags of the command.
type options struct {
	url       string
	urls      []string // all that --url names: the people of each room are spread over them
	rooms     int
	users     int
	apart     bool // each room on one of the urls
	rate      float64
	seconds   float64
	killEvery time.Duration
	settle    time.Duration
	replicas  int
	idle      int
	idleRoom  int
	idleRest  time.Duration
	keystroke bool
	language  string
	seed      uint64
	json      bool
	keep      bool
}

// parseOptions reads the flags; the error is flag.ErrHelp after --help, and otherwise says what is wrong.
func parseOptions(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("bench sync", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.url, "url", "", "the server to load, http://host:port; several nodes with commas between share the people of each room (default: one is started for the measurement)")
	f.IntVar(&o.rooms, "rooms", 1, "rooms")
	f.IntVar(&o.users, "users", 10, "people in each room")
	f.BoolVar(&o.apart, "apart", false, "with several nodes: keep the people of each room on one of them, as a proxy does")
	f.Float64Var(&o.rate, "rate", 2, "edits a second that each person makes")
	f.Float64Var(&o.seconds, "seconds", 10, "for how long they type")
	f.DurationVar(&o.killEvery, "kill-every", 0, "kill the server (SIGKILL) this often while they type, and start it again at once")
	f.DurationVar(&o.settle, "settle", time.Minute, "how long to wait at the end for everything to be confirmed")
	f.IntVar(&o.replicas, "replicas", 0, "people in each room who keep and verify a text of their own; the others share one (default: all)")
	f.IntVar(&o.idle, "idle", 0, "connections that do nothing, besides the people")
	f.IntVar(&o.idleRoom, "idle-per-room", 1, "idle connections in each room of theirs")
	f.DurationVar(&o.idleRest, "idle-rest", 10*time.Second, "how long to wait before the server's memory with the idle connections is read")
	f.BoolVar(&o.keystroke, "keystrokes", false, "type tokens key by key rather than each as one edit")
	f.StringVar(&o.language, "language", "python", "the language of the rooms")
	f.Uint64Var(&o.seed, "seed", 0, "the seed of what is typed and where (default: a random one, which is printed)")
	f.BoolVar(&o.json, "json", false, "print JSON with stable keys")
	f.BoolVar(&o.keep, "keep", false, "keep the folder of the server that was started")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	return o, o.check()
}

func (o *options) check() error {
	for url := range strings.SplitSeq(o.url, ",") {
		o.urls = append(o.urls, strings.TrimSuffix(url, "/"))
	}
	o.url = o.urls[0]
	switch {
	case o.rooms < 0 || o.users < 0 || o.idle < 0 || o.replicas < 0 || o.idleRoom < 1 || o.rate <= 0 || o.seconds < 0:
		return errors.New("--rooms, --users, --replicas, --seconds and --idle must not be negative, --rate and --idle-per-room must be greater than 0")
	case o.killEvery > 0 && o.url != "":
		return errors.New("--kill-every needs a server of its own: leave out --url")
	case o.killEvery < 0 || o.killEvery > 0 && o.killEvery < 100*time.Millisecond:
		return errors.New("--kill-every must be at least 100ms")
	}
	if o.replicas == 0 || o.replicas > o.users {
		o.replicas = o.users
	}
	if o.seed == 0 {
		o.seed = rand.Uint64() >> 12 // fits a JSON number
	}
	return nil
}
