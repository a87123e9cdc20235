package servicetest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgresServer is a real Postgres. Its databases belong to a role that is no superuser, which is whom the URLs name.
type PostgresServer struct {
	port    int
	orders  io.Writer
	answers *bufio.Scanner
	made    atomic.Int64
}

// shared is the one server of most tests of a process.
var shared struct {
	sync.Mutex
	*PostgresServer
}

// Postgres returns the URL of a fresh database, on a server that the tests of this process share. It is dropped with the test.
func Postgres(t testing.TB) string {
	t.Helper()
	notEveryDay(t)
	shared.Lock()
	defer shared.Unlock()
	if shared.PostgresServer == nil {
		shared.PostgresServer, _ = startPostgres(t)
	}
	name := shared.Database(t)
	t.Cleanup(func() { shared.admin(t, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return shared.URL(name)
}

// OwnPostgres starts a server for one test, which may stop it. Its settings are those of postgresql.conf, like
// "max_connections=20"; without any, it does not wait for the disk.
func OwnPostgres(t testing.TB, settings ...string) *PostgresServer {
	t.Helper()
	notEveryDay(t)
	p, end := startPostgres(t, settings...)
	t.Cleanup(end)
	return p
}

const (
	postgresSuper    = "postgres"
	postgresUser     = "codecollab"
	postgresPassword = "s3cret/of:tests" // has to be escaped in a URL
)

// Database makes a database, and returns its name.
func (p *PostgresServer) Database(t testing.TB) string {
	t.Helper()
	name := "test" + strconv.FormatInt(p.made.Add(1), 10)
	p.admin(t, "CREATE DATABASE "+name+" OWNER "+postgresUser)
	return name
}

// URL is that of a database.
func (p *PostgresServer) URL(database string) string { return p.url(postgresUser, database) }

func (p *PostgresServer) url(role, database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(role, postgresPassword), Host: "127.0.0.1:" + strconv.Itoa(p.port), Path: database, RawQuery: "sslmode=disable"}
	return u.String()
}

// AdminURL is that of a database, for a superuser.
func (p *PostgresServer) AdminURL(database string) string { return p.url(postgresSuper, database) }

// Stop ends the server: those who are connected lose their connection.
func (p *PostgresServer) Stop(t testing.TB) { t.Helper(); p.order(t, "stop") }

// Crash ends the server as a power cut would, nearly.
func (p *PostgresServer) Crash(t testing.TB) { t.Helper(); p.order(t, "crash") }

// Pause has it hang: connections stay, and nothing is answered until resume is called.
func (p *PostgresServer) Pause(t testing.TB) (resume func()) {
	t.Helper()
	p.order(t, "pause")
	return func() { p.order(t, "resume") }
}

// Start starts it again, and waits until it answers.
func (p *PostgresServer) Start(t testing.TB) {
	t.Helper()
	p.order(t, "start")
	end := time.Now().Add(patience)
	for {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		c, err := pgx.Connect(ctx, p.AdminURL("postgres"))
		cancel()
		if err == nil {
			c.Close(context.Background())
			return
		}
		if time.Now().After(end) {
			t.Fatalf("Postgres does not answer within %s: %v", patience, err)
		}
		time.Sleep(pause)
	}
}

// Admin runs statements as the superuser.
func (p *PostgresServer) Admin(t testing.TB, statements ...string) {
	t.Helper()
	p.admin(t, statements...)
}

func (p *PostgresServer) admin(t testing.TB, statements ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, err := pgx.Connect(ctx, p.AdminURL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	for _, s := range statements {
		if _, err := c.Exec(ctx, s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// nurse looks after a server: it obeys orders, and when there are no more to come, because the process of the tests has ended in
// whichever way, it ends the server and removes its folder.
const nurse = `dir=$1; shift
while read -r order; do
	case $order in
	start) "$@" </dev/null >>"$dir/log" 2>&1 3>&- & pid=$! ;;
	stop) kill -INT $pid; wait $pid ;;
	crash) kill -QUIT $pid; wait $pid ;;
	pause) kill -STOP $pid $(cat /proc/$pid/task/$pid/children) ;;
	resume) kill -CONT $pid $(cat /proc/$pid/task/$pid/children) ;;
	esac
	echo done
done
kill -QUIT $pid 2>/dev/null
kill -CONT $pid $(cat /proc/$pid/task/$pid/children 2>/dev/null) 2>/dev/null
wait
rm -rf "$dir"`

// startPostgres makes a server, and returns how it ends.
func startPostgres(t testing.TB, settings ...string) (*PostgresServer, func()) {
	t.Helper()
	bin := postgresBin(t)
	dir, err := os.MkdirTemp("", "codecollab-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	who := lesserUser(t, dir)
	password := filepath.Join(dir, "password")
	if err := os.WriteFile(password, []byte(postgresPassword), 0o644); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	run(t, who, filepath.Join(bin, "initdb"), "--pgdata="+data, "--username="+postgresSuper, "--pwfile="+password, "--auth=scram-sha-256",
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--wal-segsize=4")
	p := &PostgresServer{port: freePort(t)}
	args := []string{filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(p.port), "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=", "-c", "max_connections=200", "-c", "shared_buffers=32MB"}
	if len(settings) == 0 {
		settings = []string{"fsync=off", "full_page_writes=off"}
	}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	end := p.nurse(t, who, append([]string{"-c", nurse, "nurse", dir}, args...))
	p.Start(t)
	p.admin(t, fmt.Sprintf("CREATE ROLE %s LOGIN PASSWORD '%s'", postgresUser, postgresPassword))
	return p, end
}

// nurse starts the shell, and returns how it ends.
func (p *PostgresServer) nurse(t testing.TB, who *syscall.SysProcAttr, args []string) func() {
	t.Helper()
	cmd := exec.Command("/bin/sh", args...)
	cmd.SysProcAttr, cmd.Dir = who, "/"
	orders, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.orders, p.answers = orders, bufio.NewScanner(answers)
	return func() {
		orders.Close()
		_ = cmd.Wait() // what it left does not matter
	}
}

func (p *PostgresServer) order(t testing.TB, what string) {
	t.Helper()
	if _, err := fmt.Fprintln(p.orders, what); err != nil {
		t.Fatal(err)
	}
	if !p.answers.Scan() {
		t.Fatal("nobody looks after Postgres any more")
	}
}

// postgresBin is where Postgres' programs are: the newest that Debian has installed, or those of PATH.
func postgresBin(t testing.TB) string {
	t.Helper()
	all, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(all) > 0 {
		newest := slices.MaxFunc(all, func(a, b string) int { return major(a) - major(b) })
		return filepath.Dir(newest)
	}
	return filepath.Dir(find(t, "initdb"))
}

func major(path string) int {
	n, _ := strconv.Atoi(strings.Split(path, "/")[4])
	return n
}

// lesserUser says as whom Postgres runs, which refuses root, and gives it a folder.
func lesserUser(t testing.TB, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{Setpgid: true}
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Setpgid: true, Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

func run(t testing.TB, who *syscall.SysProcAttr, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.SysProcAttr, cmd.Dir = who, "/"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}
