package arch

// rule is a row of the import table. A package may always import the root package and what is below its own folder.
type rule struct {
	folder  string   // the package, and all below it that have no row of their own
	inside  []string // folders of this module that it may import
	outside []string // modules that it may import
	never   []string // packages of the standard library that it may not
	all     bool     // everything is allowed
	why     string   // the sentence of the refusal
}

const (
	scenarios = "one short scenario after the other, over helpers that they all share; each is found by its name"

	pure   = "it is pure and used by everyone, so it may need nothing that is above it"
	domain = "the domain folders know neither each other nor SQL nor HTTP: state the small interface that is needed, and let store, " +
		"runner or cmd satisfy it"
)

var (
	sqlAndHTTP = []string{"database/sql", "net/http"}

	rules = []rule{
		{folder: ".", never: sqlAndHTTP, why: "the root package is the vocabulary of all others and imports the standard library only"},

		{folder: "internal/text", never: sqlAndHTTP, why: pure},
		{folder: "internal/ot", inside: []string{"internal/text"}, never: sqlAndHTTP, why: pure},
		{folder: "internal/wire", inside: []string{"internal/ot", "internal/text"}, never: sqlAndHTTP,
			why: "the protocol is made of the root package, ot and text only, so that clients and servers can both use it"},
		{folder: "internal/excerpt", inside: []string{"internal/wire", "internal/ot", "internal/text"}, never: sqlAndHTTP, why: pure},
		{folder: "internal/config", outside: []string{"github.com/BurntSushi/toml"}, never: sqlAndHTTP,
			why: "settings are read with the standard library and toml only; others are handed them, they do not hand themselves in"},
		{folder: "internal/schedule", outside: []string{"golang.org/x/sys"}, never: sqlAndHTTP, why: pure},
		{folder: "internal/trace", never: sqlAndHTTP, why: pure},
		{folder: "internal/trace/otlp", inside: []string{"internal/trace"}, outside: []string{"go.opentelemetry.io"}, never: []string{"database/sql"},
			why: "it sends spans to a collector, and knows nothing of what they are of"},
		{folder: "internal/metrics", outside: []string{"github.com/prometheus/client_golang"}, never: []string{"database/sql"},
			why: "it counts what cmd tells it, and knows no room, run or person"},
		{folder: "internal/rights", never: sqlAndHTTP, why: pure},
		{folder: "internal/bus", outside: []string{"github.com/redis/rueidis"}, never: sqlAndHTTP, why: "the bus carries room names and versions; it needs the standard library and its one client only"},

		{folder: "internal/servicetest", outside: []string{"github.com/jackc/pgx"},
			why: "it starts services for tests, and knows nothing of who uses them"},

		{folder: "internal/room", inside: []string{"internal/excerpt", "internal/rights", "internal/wire", "internal/ot", "internal/text"}, never: sqlAndHTTP, why: domain},
		{folder: "internal/history", inside: []string{"internal/wire", "internal/ot", "internal/text"}, never: sqlAndHTTP, why: domain},
		{folder: "internal/auth", never: sqlAndHTTP, why: domain},
		{folder: "internal/auth/password", outside: []string{"golang.org/x/crypto"}, never: sqlAndHTTP, why: "a hash of a password depends on the password alone"},
		{folder: "internal/auth/passkey", inside: []string{"internal/auth"}, outside: []string{"github.com/go-webauthn/webauthn"}, never: []string{"database/sql"},
			why: "it checks what a browser's authenticator says, and knows no cookie and no account but by its id"},
		{folder: "internal/auth/fetch", never: []string{"database/sql"}, why: "it asks other people's servers, and knows nothing of what they are asked for"},
		{folder: "internal/auth/oidc", inside: []string{"internal/auth"}, outside: []string{"github.com/coreos/go-oidc", "golang.org/x/oauth2", "github.com/go-jose/go-jose"},
			never: []string{"database/sql"}, why: "it takes somebody to a provider and back, and knows no cookie, session or organisation"},
		{folder: "internal/auth/saml", inside: []string{"internal/auth"}, outside: []string{"github.com/russellhaering/gosaml2", "github.com/russellhaering/goxmldsig", "github.com/beevik/etree", "github.com/mattermost/xml-roundtrip-validator"},
			never: []string{"database/sql"}, why: "it takes somebody to an identity provider and back, and knows no cookie, session or organisation"},
		{folder: "internal/auth/scim", inside: []string{"internal/auth", "internal/answer"}, never: []string{"database/sql"},
			why: "it speaks SCIM, and knows people and groups by the small interfaces that it states"},
		{folder: "internal/answer", why: "errors become answers in one place, which knows nothing of what was asked"},
		{folder: "internal/gate", inside: []string{"internal/trace", "internal/answer", "internal/auth"}, outside: []string{"golang.org/x/time/rate"}, never: []string{"database/sql"},
			why: "the door sees people and the ways to sign in, and no room"},
		{folder: "internal/hint", never: sqlAndHTTP, why: domain},
		{folder: "internal/hint/provider", never: []string{"database/sql"}, why: "it asks models over HTTP and knows nothing of hints"},
		{folder: "internal/hint/cache", never: sqlAndHTTP, why: "it keeps bytes under keys and knows nothing of hints"},
		{folder: "internal/hint/privacy", never: sqlAndHTTP, why: "it decides what may leave, of any text, and knows nothing of who asks"},
		{folder: "internal/hint/desk", inside: []string{"internal/trace", "internal/hint"}, never: sqlAndHTTP, why: domain},
		{folder: "internal/hint/source", never: sqlAndHTTP, why: pure},
		{folder: "internal/hint/mistakes", inside: []string{"internal/hint/source"}, never: sqlAndHTTP, why: "it reads the text of a program and nothing else"},
		{folder: "internal/hint/mutate", inside: []string{"internal/hint/source"}, never: sqlAndHTTP,
			why: "a change to a program depends on its text alone, and not on what is known about it"},
		{folder: "internal/hint/drivers", never: sqlAndHTTP, why: "drivers are data: programs of other languages"},
		{folder: "internal/hint/eval", inside: []string{"internal/hint"}, never: sqlAndHTTP,
			why: "it measures hints from outside, by what everybody else sees of them"},
		{folder: "internal/run", inside: []string{"internal/trace", "internal/excerpt", "internal/wire", "languages"}, never: sqlAndHTTP, why: domain},
		{folder: "internal/run/piston", inside: []string{"internal/trace", "internal/run", "internal/wire", "languages"}, outside: []string{"github.com/coder/websocket"},
			never: []string{"database/sql"}, why: "the Piston client turns jobs into HTTP and knows nothing else"},
		{folder: "internal/run/child", inside: []string{"internal/run"}, never: sqlAndHTTP,
			why: "it starts a process and looks after it, and knows nothing else"},
		{folder: "internal/run/pool", inside: []string{"internal/run", "internal/wire"}, never: sqlAndHTTP,
			why: "the pool chooses among runners, and knows only their clients"},
		{folder: "internal/run/queue", inside: []string{"internal/run", "internal/wire"},
			outside: []string{"github.com/riverqueue/river", "modernc.org/sqlite", "github.com/jackc/pgx"}, never: []string{"net/http"},
			why: "the queue puts jobs into river and takes them out, and knows nothing else"},

		{folder: "internal/runner/sandbox", outside: []string{"golang.org/x/sys"}, never: sqlAndHTTP,
			why: "the sandbox confines any program and knows no language, no protocol and no room"},
		{folder: "internal/toolchain", inside: []string{"languages"},
			outside: []string{"github.com/google/go-containerregistry", "github.com/Masterminds/semver", "golang.org/x/sys"}, never: []string{"database/sql"},
			why: "it installs languages with package managers, and knows no sandbox, protocol, room or setting"},
		{folder: "internal/runner", inside: []string{"languages", "internal/toolchain"},
			outside: []string{"github.com/coder/websocket", "github.com/Masterminds/semver", "golang.org/x/sys"}, never: []string{"database/sql"},
			why: "the runner runs what strangers wrote: it knows its sandbox and the languages, and no room, person, secret or database"},

		{folder: "internal/store", inside: []string{"internal/rights", "internal/room", "internal/history", "internal/run", "internal/auth", "internal/hint", "internal/wire", "internal/ot", "internal/text"},
			outside: []string{"modernc.org/sqlite", "github.com/pressly/goose", "github.com/jackc/pgx"}, never: []string{"net/http"},
			why: "the store satisfies interfaces of the domain with SQL, and is not asked over HTTP"},
		{folder: "internal/store/engine", outside: []string{"modernc.org/sqlite", "github.com/pressly/goose", "github.com/jackc/pgx"}, never: []string{"net/http"},
			why: "it opens databases and knows nothing of what is in them"},
		{folder: "internal/store/wal", inside: []string{"internal/store/engine"}, outside: []string{"golang.org/x/sys"}, never: []string{"net/http"},
			why: "it knows a file of SQLite's and nothing of what is in it"},
		{folder: "internal/store/people", inside: []string{"internal/auth", "internal/store/engine"}, outside: []string{"modernc.org/sqlite"}, never: []string{"net/http"},
			why: "the store satisfies interfaces of the domain with SQL, and is not asked over HTTP"},
		{folder: "internal/moving", inside: []string{"internal/store", "internal/room", "internal/history", "internal/wire"},
			outside: []string{"modernc.org/sqlite", "github.com/jackc/pgx"}, never: []string{"net/http"},
			why: "it copies and checks what is kept, whatever the server is doing"},
		{folder: "internal/voice", inside: []string{"internal/wire", "internal/ot", "internal/text"},
			outside: []string{"github.com/pion", "golang.org/x/time/rate"}, never: sqlAndHTTP, why: domain},
		{folder: "internal/voice/livekit", inside: []string{"internal/voice", "internal/wire", "internal/ot", "internal/text"},
			outside: []string{"github.com/go-jose/go-jose"}, never: []string{"database/sql"}, why: "it signs tokens and asks LiveKit over HTTP, and knows no room"},
		{folder: "internal/server", inside: []string{"internal/answer", "internal/trace", "internal/rights", "internal/room", "internal/history", "internal/run", "internal/voice", "internal/auth", "internal/hint", "internal/wire", "internal/ot", "internal/text"},
			outside: []string{"github.com/coder/websocket", "golang.org/x/time/rate"}, never: []string{"database/sql"},
			why: "the server sees the domain, not its adapters (store, bus, runner, settings): cmd hands it what it needs"},

		{folder: "internal/doctor", outside: []string{"golang.org/x/sys"}, never: []string{"database/sql"},
			why: "the doctor knows the machine and how to print findings; what the parts of the house find about themselves, cmd hands it"},

		{folder: "internal/arch", why: "the tests of the house stand on the standard library only"},
		{folder: "languages", outside: []string{"github.com/BurntSushi/toml"}, never: sqlAndHTTP, why: "the catalogue is data and its loader"},
		{folder: "web", never: sqlAndHTTP, why: "only the built page is embedded here"},
		{folder: "attacks", outside: []string{"github.com/BurntSushi/toml", "github.com/coder/websocket", "golang.org/x/sys"}, never: []string{"database/sql"},
			why: "attacks come from outside, over HTTP, and know nothing of the engine that they are run against"},
		{folder: "bench", inside: []string{"internal/wire", "internal/ot", "internal/text"}, outside: []string{"github.com/coder/websocket", "github.com/pion", "golang.org/x/sys"},
			never: []string{"database/sql"}, why: "the load generator is a client: it measures the program from outside and may not reach into it"},
		{folder: "cmd", all: true, why: "main wires everything"},
	}

	// bans hold everywhere but in the folders named.
	bans = []ban{
		{path: "log", but: []string{"internal/wire/gen"}, why: "loggers are handed in as *slog.Logger"},
		{path: "io/ioutil", why: "it is deprecated: io and os have all of it"},
		{path: "math/rand", why: "use math/rand/v2, or crypto/rand for what nobody may guess"},
		{path: "unsafe", but: []string{"internal/runner/sandbox"}, why: "only system calls of the sandbox need it"},
		{path: "os/exec", but: []string{"internal/runner", "internal/toolchain", "internal/run/child", "internal/servicetest", "cmd", "bench", "attacks"},
			why: "programs are started by the runner, the runner by run/child, servers by bench; nobody else starts any"},
		{path: "plugin", why: "code is not loaded while the program runs"},
		{path: "net/http/pprof", but: []string{"cmd"}, why: "importing it opens the process to everyone who reaches http.DefaultServeMux"},
		{path: "encoding/gob", why: "what is kept or sent is JSON, which other languages and later versions can read"},
		{path: "testing", but: []string{"internal/room/roomtest", "internal/history/historytest", "internal/auth/authtest", "internal/hint/cache/cachetest", "internal/bus/bustest", "internal/servicetest"},
			why: "only test files and packages of conformance tests may import it"},
		{path: "github.com/pkg/errors", why: `fmt.Errorf with %w does it`},
		{path: "github.com/mattn/go-sqlite3", why: "it needs a C compiler: use modernc.org/sqlite"},
	}

	// longFiles are files of more than maxLines lines, with the reason why they are not cut.
	longFiles = map[string]string{
		"internal/room/room_test.go":     scenarios,
		"internal/server/server_test.go": scenarios,
	}
)

const maxLines = 500

type ban struct {
	path string
	but  []string
	why  string
}
