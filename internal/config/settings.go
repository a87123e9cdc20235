// Package config holds every setting of the program in one struct, and reads it from flags, the environment, a file and
// the defaults, in this order of precedence. Help texts and docs/settings.md are made from the same struct.
//
// To add a setting, add a field to Settings. Its name comes from the field: RoomMaxPeople is the flag --room-max-people,
// the variable CODECOLLAB_ROOM_MAX_PEOPLE and the key room-max-people of the file. The tags are:
//
//	on       the commands that it is a flag of; the environment and the file are shared by all commands
//	default  as a user would write it
//	range    "least..most", both included, either may be missing
//	oneof    the words allowed, with | between
//	live     "yes" when a running server takes a change of it from the file (see Live)
//	help     what it does: no capital, no full stop
package config

import (
	"log/slog"
	"time"
)

//go:generate go run ./gen -out ../../docs/settings.md

// Settings are all settings.
type Settings struct {
	Addr            string        `on:"serve" default:":8080" help:"the address to listen on, host:port"`
	Data            string        `on:"serve" default:"data" help:"the folder of everything that is kept"`
	DatabaseURL     Secret        `on:"serve" default:"" help:"a PostgreSQL database for all that is kept, like postgres://user:password@host/codecollab; empty: SQLite in the data folder"`
	DatabaseConns   int           `on:"serve" default:"28" range:"16..1000" help:"connections to that database that this node has at most; those of all nodes together have to stay below the server's max_connections"`
	DatabaseTimeout time.Duration `on:"serve" default:"10s" range:"1s..5m" help:"how long an answer of that database is waited for; then rooms are read-only until it answers"`
	RedisURL        Secret        `on:"serve" default:"" help:"a Redis or Valkey by which several nodes tell each other at once what happens, like redis://:password@host:6379/0; empty: they look into the database"`
	Node            string        `on:"serve" default:"" help:"what this node is called in logs, metrics and on the administrators' page; empty: the name of the host"`
	NodePoll        time.Duration `on:"serve" default:"500ms" range:"50ms..1m" help:"how often a node without Redis, or while it is away, looks into the database whether its rooms have moved on"`
	NodeLease       time.Duration `on:"serve" default:"10s" range:"1s..5m" help:"a node that has not said for so long that it is alive is taken for dead: others begin what it was running again"`
	NodeBeat        time.Duration `on:"serve" default:"2s" range:"100ms..1m" help:"how often a node tells the others that it is there; after five times that, its people have left"`
	ShutdownTimeout time.Duration `on:"serve runner" default:"10s" range:"0s..10m" help:"how long a stopping process waits for what is under way"`
	DrainDelay      time.Duration `on:"serve" default:"2s" range:"0s..5m" help:"how long a stopping node, where there are others, says by /readyz that it stops and goes on as before, so that proxies see it; part of shutdown-timeout"`
	DrainSpread     time.Duration `on:"serve" default:"1s" range:"0s..5m" help:"over how long it then tells its connections to move to other nodes; part of shutdown-timeout"`
	SecureCookies   string        `on:"serve" default:"auto" oneof:"auto|always|never" help:"whether cookies go over HTTPS only; auto: those that were asked for by HTTPS"`

	PublicURL       string        `on:"serve" default:"" help:"the address by which people reach this installation, like https://code.example.org; empty: only from this machine, or without signing in by way of others"`
	Guests          string        `on:"serve" default:"everyone" oneof:"everyone|invited|none" help:"who may come in without an account; invited: by a link into the rooms of others, and make none"`
	Passwords       string        `on:"serve" default:"invited" oneof:"off|invited|open" help:"whether people may have a password here; invited: those whom somebody invites; open: everybody may make an account"`
	PasswordMin     int           `on:"serve" default:"12" range:"8..64" help:"characters that a new password has at least"`
	PasswordMemory  Size          `on:"serve" default:"64MiB" range:"8MiB..4GiB" help:"the memory that hashing a password takes (argon2id, 3 passes, 4 lanes: RFC 9106); older ones are hashed again when their people sign in"`
	PasswordWorkers int           `on:"serve" default:"2" range:"1..256" help:"passwords that are hashed at a time; others wait"`
	Passkeys        string        `on:"serve" default:"on" oneof:"on|off" help:"whether people may sign in with what their device signs (WebAuthn)"`
	PasskeysMost    int           `on:"serve" default:"20" range:"1..1000" help:"passkeys of one account"`
	TokensMost      int           `on:"serve" default:"50" range:"1..10000" help:"API tokens of one account"`
	TokenMax        time.Duration `on:"serve" default:"8760h" range:"1h..87600h" help:"the longest that an API token lasts which somebody makes by hand"`
	ProgramToken    time.Duration `on:"serve" default:"2160h" range:"1h..87600h" help:"how long one lasts that a program gets when its person lets it in, like the editor's"`
	SessionIdle     time.Duration `on:"serve" default:"720h" range:"1m..8760h" help:"a session ends when it was not used for so long"`
	SessionMax      time.Duration `on:"serve" default:"2160h" range:"1m..87600h" help:"a session ends after so long, used or not; then one signs in again"`

	OidcIssuer   string `on:"serve" default:"" help:"a provider of OpenID Connect for everybody here: its issuer, exactly as it calls itself; docs/sso.md has what to register there"`
	OidcName     string `on:"serve" default:"" help:"how the page calls that provider; empty: the host of the issuer"`
	OidcClient   string `on:"serve" default:"" help:"the client ID that the provider gave"`
	OidcSecret   Secret `on:"serve" default:"" help:"the client secret; empty: a public client, with PKCE alone"`
	OidcScopes   string `on:"serve" default:"openid profile email" help:"what the provider is asked to tell, with spaces between"`
	OidcSignOut  bool   `on:"serve" default:"false" help:"whether signing out here signs out at the provider, too"`
	GoogleClient string `on:"serve" default:"" help:"the client ID of Google, when people may come in with Google accounts"`
	GoogleSecret Secret `on:"serve" default:"" help:"its client secret"`
	GoogleDomain string `on:"serve" default:"" help:"the domain of Google Workspace whose people alone may come in; empty: everybody with a Google account"`
	GithubClient string `on:"serve" default:"" help:"the client ID of GitHub's OAuth app, when people may come in with GitHub accounts"`
	GithubSecret Secret `on:"serve" default:"" help:"its client secret"`
	GithubURL    string `on:"serve" default:"https://github.com" help:"the address of GitHub, or of a GitHub Enterprise Server"`

	SsoPrivateNetworks bool          `on:"serve" default:"false" help:"whether connections of organisations may lead to addresses of private networks and of this machine, and by the proxy of the environment; providers of the installation always may"`
	SsoTimeout         time.Duration `on:"serve" default:"10s" range:"100ms..1m" help:"how long one answer of a provider is waited for"`
	SsoAnswerMax       Size          `on:"serve" default:"1MiB" range:"16KiB..64MiB" help:"the largest answer of a provider"`
	SsoClockSkew       time.Duration `on:"serve" default:"1m" range:"0s..10m" help:"how far the clock of a provider may be from ours"`
	SsoKeep            time.Duration `on:"serve" default:"1h" range:"1m..24h" help:"how long what a provider says about itself, and its keys, are kept before they are fetched again"`
	SsoKeysAgain       time.Duration `on:"serve" default:"1m" range:"1s..1h" help:"tokens signed with unknown keys make the server fetch the provider's keys no more often than this"`
	SamlMessageMax     Size          `on:"serve" default:"256KiB" range:"16KiB..4MiB" help:"the largest message of a SAML provider: raise it when people are in thousands of groups"`
	SsoTripTime        time.Duration `on:"serve" default:"15m" range:"1m..1h" help:"how long somebody may take at a provider to sign in"`

	TrustedProxies  string        `on:"serve" default:"127.0.0.0/8, ::1" help:"the proxies, as addresses and networks with commas between, whose X-Forwarded-For and X-Forwarded-Proto count; everybody behind another one counts as one address"`
	Hosts           string        `on:"serve" default:"" help:"further host names that people use, with commas between; requests for others are refused when public-url or this is set, and on a loopback address"`
	EditorOrigins   string        `on:"serve" default:"" help:"origins of editors in browsers that may reach the API with a token, with commas between, like https://vscode.dev, https://*.vscode-cdn.net; cookies do not count for them"`
	RequestMaxBytes Size          `on:"serve" default:"2MiB" range:"64KiB..1GiB" help:"the largest request; batch-max-bytes goes beyond it where that is more"`
	RequestTime     time.Duration `on:"serve" default:"30s" range:"1s..1h" help:"within this a request has come whole, and each part of an answer has been taken"`

	LimitSignIn          int           `on:"serve" default:"60" range:"0..1000000" help:"steps of signing in, by one browser in a minute; here and below 0 is no limit, and this machine itself has none"`
	LimitSignInAddress   int           `on:"serve" default:"300" range:"0..1000000" help:"steps of signing in from one address (of IPv6: one network of 64 bits) in a minute"`
	LimitRooms           int           `on:"serve" default:"20" range:"0..1000000" help:"rooms that one person makes in a minute"`
	LimitRoomsAddress    int           `on:"serve" default:"120" range:"0..1000000" help:"rooms that are made from one address in a minute"`
	LimitJoins           int           `on:"serve" default:"120" range:"0..1000000" help:"connections to rooms that one person opens in a minute"`
	LimitJoinsAddress    int           `on:"serve" default:"3000" range:"0..1000000" help:"connections to rooms that are opened from one address in a minute"`
	LimitRequests        int           `on:"serve" default:"1200" range:"0..1000000" help:"other requests of one person in a minute"`
	LimitRequestsAddress int           `on:"serve" default:"12000" range:"0..1000000" help:"other requests from one address in a minute"`
	LimitKeys            int           `on:"serve" default:"100000" range:"1000..10000000" help:"people and addresses that these limits count apart; when it is more at a time, newcomers are counted as one"`
	SignInTries          int           `on:"serve" default:"5" range:"1..1000" help:"wrong passwords for one account before each further try has to wait, a second and then twice as long each time"`
	SignInDelayMax       time.Duration `on:"serve" default:"1m" range:"1s..24h" help:"the longest such wait: others can make the owner of an account wait so long, too"`

	OrgsBy         string        `on:"serve" default:"admins" oneof:"admins|everyone" help:"who may make organisations: administrators of the installation, or everybody with an account"`
	OrgsOwned      int           `on:"serve" default:"10" range:"1..100000" help:"organisations of which one person is an owner before they can make no more; administrators have no such limit"`
	OrgMembers     int           `on:"serve" default:"10000" range:"1..1000000" help:"people in one organisation"`
	OrgInvitations int           `on:"serve" default:"500" range:"1..100000" help:"open invitations of one organisation"`
	InvitationKeep time.Duration `on:"serve" default:"168h" range:"1h..8760h" help:"how long an invitation is good"`
	OrgDomains     int           `on:"serve" default:"50" range:"1..10000" help:"domains of one organisation"`
	OrgConnections int           `on:"serve" default:"5" range:"1..100" help:"connections to identity providers of one organisation"`
	DomainDNS      string        `on:"serve" default:"" help:"the DNS server that says whose a domain is, host:port; empty: that of this machine"`
	DomainRecheck  time.Duration `on:"serve" default:"24h" range:"1m..8760h" help:"how often DNS is asked again about verified domains"`
	DomainGrace    time.Duration `on:"serve" default:"168h" range:"0s..8760h" help:"how long a domain stays verified that DNS does not confirm any more"`
	ScimTokens     int           `on:"serve" default:"5" range:"1..100" help:"tokens for provisioning of one organisation"`
	ScimResources  int           `on:"serve" default:"20000" range:"1..1000000" help:"users, and as many groups, that the provider of one organisation may make"`
	ScimPage       int           `on:"serve" default:"200" range:"1..10000" help:"resources in one answer to it"`
	ScimBodyMax    Size          `on:"serve" default:"1MiB" range:"4KiB..64MiB" help:"its largest request; it is also one of request-max-bytes"`
	ScimOperations int           `on:"serve" default:"1000" range:"1..100000" help:"changes in one of its PATCH requests"`

	RoomKeep        time.Duration `on:"serve" default:"0s" range:"0s..876000h" help:"a room is deleted, with everything in it, when nobody has been there for so long; lists of rooms say when that will be; 0s: never"`
	ChatKeep        time.Duration `on:"serve" default:"0s" range:"0s..876000h" help:"how long chat messages are kept; 0s: as long as their room"`
	HintsKeep       time.Duration `on:"serve" default:"2160h" range:"0s..876000h" help:"how long rooms keep a record of what was asked for hints; 0s: for ever"`
	SecurityContact string        `on:"serve" default:"" help:"where to report faults in security, as mailto:… or https://…; /.well-known/security.txt says it"`
	AuditRooms      string        `on:"serve" default:"all" oneof:"all|organisations" help:"the rooms of which the audit log says who made, opened, locked and ended them, and gave whom which role"`
	AuditKeep       time.Duration `on:"serve" default:"8760h" range:"0s..876000h" help:"how long lines of the audit log are kept; 0s: for ever"`

	LogLevel  slog.Level `on:"serve runner" default:"info" oneof:"debug|info|warn|error" help:"the least level that is logged"`
	LogFormat string     `on:"serve runner" default:"text" oneof:"text|json" help:"how a line of the log is written"`

	MetricsAddr string `on:"serve" default:"" help:"the address, host:port, where Prometheus reads metrics at /metrics; whoever reaches it reads them, so use a loopback or private one; empty: nowhere"`
	OtlpURL     string `on:"serve" default:"" help:"a collector of OpenTelemetry traces that takes OTLP over HTTP, like http://localhost:4318/v1/traces; empty: nothing is traced"`
	OtlpToken   Secret `on:"serve" default:"" help:"a bearer token for it"`
	OtlpSample  int    `on:"serve" default:"10" range:"0..1000" help:"how many of a thousand traces are kept; those of requests that a trusted proxy has begun to trace always are"`

	RoomIdle           time.Duration `on:"serve" default:"10m" range:"1s..24h" help:"a room without people leaves memory after this; nothing is lost"`
	RoomSnapshotEvents int           `on:"serve" default:"500" range:"1..1000000" help:"a snapshot is saved after so many events"`
	RoomTailBytes      Size          `on:"serve" default:"4MiB" range:"64KiB..1GiB" help:"what a connection may lag behind before it is disconnected; it then resumes"`
	RoomMaxPeople      int           `on:"serve" default:"1000" range:"1..100000" help:"connections in one room"`
	KnockPause         time.Duration `on:"serve" default:"30s" range:"0s..24h" help:"whom an owner of a room did not let in may knock again after this"`
	PasscodeTries      int           `on:"serve" default:"5" range:"1..1000" help:"passcodes of a room that one person may try in a minute; all together may try ten times as many"`
	RoomMaxFiles       int           `on:"serve" default:"500" range:"1..100000" help:"files in one room"`
	ChatMaxUnits       int           `on:"serve" default:"4000" range:"1..100000" help:"the longest chat message, in UTF-16 code units"`

	HistoryBlockEvents int  `on:"serve" default:"1024" range:"64..65536" help:"events that are summed up together for a room's history; its files are kept about as often, so that any moment is near"`
	HistoryPageEvents  int  `on:"serve" default:"1000" range:"1..100000" help:"events that one request gets to play a history"`
	HistoryPageBytes   Size `on:"serve" default:"1MiB" range:"1KiB..64MiB" help:"about the most that such an answer holds"`
	HistoryReaders     int  `on:"serve" default:"4" range:"1..1000" help:"requests for histories that are worked out at a time; others wait"`

	BatchMaxBytes          Size          `on:"serve" default:"1MiB" range:"1KiB..64MiB" help:"the largest message of a client"`
	FileMaxUnits           int           `on:"serve" default:"5Mi" range:"1Ki..256Mi" help:"the longest file, in UTF-16 code units"`
	ClientBatchesPerSecond int           `on:"serve" default:"50" range:"1..100000" help:"batches that one connection may send for a long time"`
	ClientBatchBurst       int           `on:"serve" default:"200" range:"1..1000000" help:"batches that one connection may send at once"`
	PresenceTick           time.Duration `on:"serve" default:"50ms" range:"1ms..10s" help:"carets are told at most this often"`
	Heartbeat              time.Duration `on:"serve" default:"5s" range:"100ms..10m" help:"a client that hears nothing for so long asks whether the server is there"`
	CatchupEvents          int           `on:"serve" default:"512" range:"1..1000000" help:"a client that missed more events than this gets them composed into one"`

	RunWorkers        int           `on:"serve" default:"2" range:"1..1000" help:"programs that compute at a time, on all runners together"`
	RunIdle           int           `on:"serve" default:"16" range:"0..1000" help:"programs that may wait for input beside them"`
	RunRoomMax        int           `on:"serve" default:"4" range:"1..1000" live:"yes" help:"unfinished runs in one room"`
	RunPersonMax      int           `on:"serve" default:"8" range:"1..10000" live:"yes" help:"unfinished runs of one person, in all rooms"`
	RunQueueMax       int           `on:"serve" default:"200" range:"0..100000" live:"yes" help:"runs that may wait for their turn, in all rooms"`
	RunFilesRoom      Size          `on:"serve" default:"64MiB" range:"0..64GiB" help:"what a room keeps of the files that its programs left; those of the oldest runs go first"`
	RunTimeout        time.Duration `on:"serve runner" default:"10s" range:"100ms..1h" help:"the time that a program may take"`
	RunTerminalTime   time.Duration `on:"serve runner" default:"5m" range:"100ms..24h" help:"the time that a program with a terminal may take, waiting for input included; what it may compute stays as it is"`
	RunCompileTimeout time.Duration `on:"serve runner" default:"30s" range:"100ms..1h" help:"the time that its compiler may take"`
	RunMemory         Size          `on:"serve runner" default:"256MiB" range:"16MiB..1TiB" help:"the memory of a program"`
	RunCompileMemory  Size          `on:"serve runner" default:"1GiB" range:"16MiB..1TiB" help:"the memory of its compiler"`
	RunOutputHead     Size          `on:"serve runner" default:"64KiB" range:"1KiB..16MiB" help:"what is kept of the beginning of a program's output"`
	RunOutputTail     Size          `on:"serve runner" default:"64KiB" range:"1KiB..16MiB" help:"what is kept of its end"`
	RunProcesses      int           `on:"serve runner" default:"128" range:"1..32768" help:"processes and threads of a program"`
	RunDisk           Size          `on:"serve runner" default:"64MiB" range:"1MiB..64GiB" help:"what a program may write into each of /work and /tmp"`
	RunFiles          int           `on:"serve runner" default:"256" range:"16..1048576" help:"files that a process may have open"`
	RunCollectFiles   int           `on:"serve runner" default:"16" range:"1..1000" help:"files that a run may give back"`
	RunCollectBytes   Size          `on:"serve runner" default:"2MiB" range:"1KiB..64MiB" help:"the largest file that is given back"`
	RunCollectTotal   Size          `on:"serve runner" default:"8MiB" range:"1KiB..256MiB" help:"all files of a run that are given back"`

	HintProviders    string        `on:"serve" default:"" help:"the models that hints may ask, in order, with commas between: groq, openai, ollama, llamacpp, vllm, or an address like http://host:8000/v1; each may have its model behind it, and its price for a million tokens in and out in dollars (0.59/0.79); empty: none, hints stand on facts alone"`
	HintGroqKey      Secret        `on:"serve" default:"" live:"yes" help:"the key of the provider groq"`
	HintOpenaiKey    Secret        `on:"serve" default:"" live:"yes" help:"the key of the provider openai"`
	HintKey          Secret        `on:"serve" default:"" live:"yes" help:"the key of the providers that are given by address"`
	HintFirst        time.Duration `on:"serve" default:"8s" range:"100ms..5m" help:"a model that says no word for so long has failed"`
	HintTimeout      time.Duration `on:"serve" default:"30s" range:"1s..10m" help:"so has one whose answer is not whole by then"`
	HintHedge        time.Duration `on:"serve" default:"2s" range:"0s..5m" help:"the next model is asked beside one that has said no word for so long; 0s: only when that one has failed"`
	HintWait         time.Duration `on:"serve" default:"5s" range:"0s..1m" help:"the longest that a model is waited for that asks to come again later, when there is no other"`
	HintKeep         time.Duration `on:"serve" default:"24h" range:"1s..8760h" help:"how long an answer is kept, for all who ask the same"`
	HintCache        Size          `on:"serve" default:"32MiB" range:"64KiB..64GiB" help:"the memory for answers that are kept; those that were used longest ago go first"`
	HintFactsKept    int           `on:"serve" default:"500" range:"1..1000000" help:"programs whose facts are kept in memory"`
	HintCodeMost     Size          `on:"serve" default:"16KiB" range:"256..1MiB" help:"the code that a model gets; of a longer file, what lies around the asker's line"`
	HintAnswerTokens int           `on:"serve" default:"400" range:"50..4096" help:"the longest answer of a model, in tokens"`
	HintWorkers      int           `on:"serve" default:"1" range:"1..1000" help:"programs that are looked into at a time for hints; they run behind all that people run"`
	HintFactsTime    time.Duration `on:"serve" default:"12s" range:"100ms..5m" help:"how long a program is looked into before a hint"`
	HintPersonMax    int           `on:"serve" default:"3" range:"1..100" help:"questions of one person at a time"`
	HintPersonMinute int           `on:"serve" default:"20" range:"1..1000" help:"questions of one person in a minute"`
	HintPersonTokens int           `on:"serve" default:"200Ki" range:"0..1Gi" help:"tokens of models that one person may use in a day"`
	HintRoomTokens   int           `on:"serve" default:"1Mi" range:"0..1Gi" help:"tokens of models that one room may use in a day"`
	HintServerTokens int           `on:"serve" default:"10Mi" range:"0..1Gi" help:"tokens of models that all together may use in a day"`
	HintRecords      int           `on:"serve" default:"500" range:"1..100000" help:"questions that a room keeps a record of, with what left because of them, for its owner to read"`

	Voice          string        `on:"serve" default:"on" oneof:"on|off" help:"whether people in a room can talk; docs/voice.md has the ports and firewalls"`
	VoiceUDP       string        `on:"serve" default:":7882" help:"the address for voice by UDP, host:port; without a host that of addr; empty: not by UDP"`
	VoiceTCP       string        `on:"serve" default:":7882" help:"the same by TCP, for those who can send no UDP"`
	VoiceAddresses string        `on:"serve" default:"" help:"the IP addresses by which people reach this node for voice, with commas between; needed behind a NAT; empty: the node's own"`
	VoiceHost      string        `on:"serve" default:"" help:"the name of this node for its relay (TURN); needed for TLS; empty: the first of its addresses"`
	VoiceSamePort  string        `on:"serve" default:"auto" oneof:"auto|off|tcp|tls" help:"whether voice also comes by the port of the page; tcp: people reach that port itself; tls: a proxy takes TLS off and hands on what is inside, whatever it is; auto: tcp, unless public-url is https"`
	VoiceSlots     int           `on:"serve" default:"5" range:"1..20" help:"how many others somebody hears at once; in larger rooms the loudest"`
	VoiceRoomMax   int           `on:"serve" default:"100" range:"2..10000" help:"people who talk in one room"`
	VoiceMax       int           `on:"serve" default:"500" range:"2..100000" help:"people who talk on this node"`
	VoiceBitrate   int           `on:"serve" default:"32000" range:"8000..128000" help:"bits a second that a microphone sends while somebody speaks"`
	VoiceGrace     time.Duration `on:"serve" default:"15s" range:"1s..5m" help:"how long a call waits for somebody whose network has gone"`
	VoiceTurnUDP   string        `on:"serve" default:":3478" help:"the address of the relay by UDP (TURN); it leads to voice on this node and nowhere else; empty: no relay by UDP"`
	VoiceTurnTCP   string        `on:"serve" default:":3478" help:"the same by TCP"`
	VoiceTurnTLS   string        `on:"serve" default:"" help:"the same by TLS, like :5349, with the certificate of the next two"`
	VoiceTurnCert  string        `on:"serve" default:"" help:"the file with the certificate of the relay and those it hangs on, in PEM; it is read again when it changes"`
	VoiceTurnKey   string        `on:"serve" default:"" help:"the file with its private key, in PEM"`
	VoiceTurnKeep  time.Duration `on:"serve" default:"4h" range:"1m..24h" help:"how long what lets somebody use a relay counts"`
	VoiceTurnMost  int           `on:"serve" default:"20" range:"1..1000" help:"what one tab may have open at the relay at a time; browsers try several ways at once"`
	VoiceICE       string        `on:"serve" default:"" help:"other STUN and TURN servers for voice, with commas between, like stun:stun.example.org:3478 or turn:turn.example.org:3478?transport=udp"`
	VoiceIceSecret Secret        `on:"serve" default:"" help:"the secret that those TURN servers share with us, from which credentials follow that count for voice-turn-keep (coturn: use-auth-secret)"`
	LivekitURL     string        `on:"serve" default:"" help:"a LiveKit server that takes voice over, like wss://livekit.example.org; empty: this server does it"`
	LivekitKey     string        `on:"serve" default:"" help:"its API key"`
	LivekitSecret  Secret        `on:"serve" default:"" help:"the secret of that key"`
	LivekitLook    time.Duration `on:"serve" default:"2s" range:"200ms..1m" help:"how often this server asks LiveKit who talks; after what is known to change it, it asks at once"`

	RunnerAddr     string `on:"runner" default:"127.0.0.1:2000" help:"the address that the runner listens on, host:port"`
	RunnerURL      string `on:"serve" default:"" live:"yes" help:"Piston v2 servers to use, with commas between; own is a runner of its own, as a child process; empty: that alone"`
	RunnerToken    Secret `on:"serve runner" default:"" live:"yes" help:"what the runner asks for as a bearer token; needed when it listens beyond this machine"`
	RunnerCapacity int    `on:"serve runner" default:"0" range:"0..10000" help:"programs that a runner runs at a time; 0: one for each CPU"`
	RunnerData     string `on:"serve runner" default:"/var/cache/codecollab" help:"the runner's folder of environments, npm and Go programs, and compile caches"`
	RunnerMirror   string `on:"serve runner" default:"" help:"where environments come from: a Debian mirror and, after a space, that of its security updates or none; empty: as this machine, or deb.debian.org"`
	RunnerImageMax Size   `on:"runner" default:"16GiB" range:"1MiB..1TiB" help:"the most that an image may hold that is imported as an environment"`

	RunnerOrphans     string `on:"serve runner" default:"stop" oneof:"stop|finish" help:"what becomes of a run whose client has gone"`
	RunnerPackages    string `on:"serve runner" default:"off" oneof:"off|on" help:"whether clients of the runner may install and remove languages of its host"`
	RunnerSandbox     string `on:"serve runner" default:"auto" oneof:"auto|namespaces|landlock|gvisor" help:"what confines programs; auto: the strongest that this host allows; gvisor: containers of runner-oci-runtime"`
	RunnerOCIRuntime  string `on:"serve runner" default:"runsc" help:"the OCI runtime of runner-sandbox = gvisor, a path or a name in PATH"`
	RunnerAllowWeaker bool   `on:"serve runner" default:"false" help:"whether auto may choose landlock, which is weaker, rather than refuse to run programs"`
}
