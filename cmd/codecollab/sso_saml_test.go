package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/saml/samltest"
)

// needFile skips what needs a package of Debian that is not there; CI installs all of them.
func needFile(t *testing.T, file, pkg string) {
	t.Helper()
	if _, err := os.Stat(file); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed, and CI has to have it (make setup)", pkg)
		}
		t.Skipf("%s is not installed: make setup does it", pkg)
	}
}

// freePort is one that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// serveIdP starts a program that serves an identity provider, and waits until it answers at an address.
func serveIdP(t *testing.T, address string, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
	})
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for {
		if answer, err := http.Get(address); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("%s ended: %v", name, err)
		case <-late:
			t.Fatalf("%s does not answer at %s", name, address)
		case <-tick.C:
		}
	}
}

func writeFile(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// writePair puts a key and a certificate of an identity provider into files.
func writePair(t *testing.T, key, certificate string) *samltest.IdP {
	t.Helper()
	pair := samltest.New("http://idp.test")
	writeFile(t, key, pair.KeyPEM())
	writeFile(t, certificate, pair.PEM())
	return pair
}

// simpleSAML is SimpleSAMLphp, served by PHP's own server.
type simpleSAML struct{ dir, base string }

func startSimpleSAML(t *testing.T) *simpleSAML {
	t.Helper()
	needFile(t, "/usr/share/simplesamlphp/www/_include.php", "simplesamlphp")
	needFile(t, "/usr/bin/php", "php-cli")
	s := &simpleSAML{dir: t.TempDir(), base: fmt.Sprintf("http://127.0.0.1:%d", freePort(t))}
	for _, folder := range []string{"log", "data", "tmp", "sessions"} {
		if err := os.Mkdir(filepath.Join(s.dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	writePair(t, filepath.Join(s.dir, "cert/idp.key"), filepath.Join(s.dir, "cert/idp.crt"))
	fill := strings.NewReplacer("DIR", s.dir, "BASE", s.base)
	for name, text := range map[string]string{
		"router.php": sspRouter, "config/config.php": sspConfig, "config/authsources.php": sspPeople,
		"config/metadata/saml20-idp-hosted.php": sspHosted, "config/metadata/saml20-sp-remote.php": "<?php\n",
	} {
		writeFile(t, filepath.Join(s.dir, name), fill.Replace(text))
	}
	serveIdP(t, s.metadata(), []string{"SIMPLESAMLPHP_CONFIG_DIR=" + s.dir + "/config"},
		"php", "-d", "variables_order=EGPCS", "-d", "session.save_path="+s.dir+"/sessions", "-S", strings.TrimPrefix(s.base, "http://"), "-t", s.dir, s.dir+"/router.php")
	return s
}

func (s *simpleSAML) metadata() string { return s.base + "/simplesaml/saml2/idp/metadata.php" }

// know tells the provider about us, by our own metadata.
func (s *simpleSAML) know(t *testing.T, site string, certificate string) {
	t.Helper()
	writeFile(t, filepath.Join(s.dir, "config/metadata/saml20-sp-remote.php"), strings.NewReplacer("SITE", site, "CERTIFICATE", certificate).Replace(sspRemote))
}

const (
	sspRouter = `<?php
$root = '/usr/share/simplesamlphp/www';
if (!preg_match('#^/simplesaml(/[a-z0-9/_-]*\.php)(/.*)?$#i', parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), $m) || !is_file($root . $m[1])) {
  http_response_code(404);
  return true;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/simplesaml' . $m[1];
$_SERVER['SCRIPT_FILENAME'] = $root . $m[1];
$_SERVER['PATH_INFO'] = $m[2] ?? '';
chdir(dirname($root . $m[1]));
require $root . $m[1];
`
	sspConfig = `<?php
$config = [
  'baseurlpath' => 'BASE/simplesaml/', 'certdir' => 'DIR/cert/', 'loggingdir' => 'DIR/log/', 'datadir' => 'DIR/data/', 'tempdir' => 'DIR/tmp',
  'metadatadir' => 'DIR/config/metadata/', 'attributenamemapdir' => '/usr/share/simplesamlphp/attributemap/',
  'secretsalt' => 'a salt of tests', 'auth.adminpassword' => 'a password of tests', 'technicalcontact_email' => 'na@example.org', 'timezone' => 'UTC',
  'logging.level' => 5, 'logging.handler' => 'file', 'logging.logfile' => 'log', 'enable.saml20-idp' => true,
  'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
  'session.cookie.name' => 'SSP', 'session.cookie.secure' => false, 'session.cookie.samesite' => null, 'session.phpsession.cookiename' => 'SSPPHP',
  'session.authtoken.cookiename' => 'SSPToken', 'store.type' => 'phpsession', 'language.default' => 'en', 'language.available' => ['en'],
  'production' => true, 'metadata.sources' => [['type' => 'flatfile']], 'showerrors' => true, 'theme.use' => 'default', 'authproc.idp' => [],
];
`
	sspPeople = `<?php
$config = ['people' => ['exampleauth:UserPass',
  'alice:secret' => ['uid' => ['alice'], 'mail' => ['alice@example.com'], 'displayName' => ['Alice Liddell'], 'groups' => ['staff', 'platform']],
  'bob:secret' => ['uid' => ['bob'], 'mail' => ['bob@example.com'], 'displayName' => ['Bob'], 'groups' => ['staff']],
]];
`
	sspHosted = `<?php
$metadata['BASE/idp'] = [
  'host' => '__DEFAULT__', 'privatekey' => 'idp.key', 'certificate' => 'idp.crt', 'auth' => 'people',
  'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'NameIDFormat' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', 'redirect.sign' => true, 'redirect.validate' => true,
];
`
	sspRemote = `<?php
$metadata['SITE/metadata'] = [
  'AssertionConsumerService' => 'SITE/acs', 'SingleLogoutService' => 'SITE/slo', 'certData' => 'CERTIFICATE',
  'NameIDFormat' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', 'simplesaml.nameidattribute' => 'uid',
  'assertion.encryption' => true, 'validate.authnrequest' => true, 'validate.logout' => true, 'sign.logout' => true,
];
`
)

// samlOrg is an organisation of the real program, with a connection to a provider.
type samlOrg struct {
	p           *program
	admin       *browser
	origin, org string
	connections string
	id, path    string
}

func newSAMLOrg(t *testing.T, settings map[string]any) *samlOrg {
	t.Helper()
	o := &samlOrg{p: start(t, "", "--sso-private-networks=true")}
	o.origin, o.admin = o.p.url(), becomeAdmin(t, o.p)
	var org, made struct{ ID, Path string }
	o.admin.call("POST", o.origin+"/api/v1/orgs", map[string]string{"name": "Tests"}, &org)
	o.org, o.connections = org.ID, o.origin+"/api/v1/orgs/"+org.ID+"/connections"
	o.admin.call("POST", o.connections, map[string]any{"kind": "saml", "name": "Real", "settings": settings}, &made)
	o.id, o.path = made.ID, made.Path
	return o
}

// site is where the provider finds us, but for the end.
func (o *samlOrg) site() string { return o.origin + "/auth/saml/" + o.id }

// certificate is ours, from our metadata.
func (o *samlOrg) certificate() string {
	b := newBrowser(o.admin.t)
	b.open(o.site() + "/metadata")
	_, rest, _ := strings.Cut(b.page, "<ds:X509Certificate>")
	text, _, ok := strings.Cut(rest, "</ds:X509Certificate>")
	if !ok {
		o.admin.t.Fatalf("our metadata is %s", b.page)
	}
	return text
}

// tested are the steps that the page of a test shows.
func (b *browser) tested() []auth.Step {
	b.t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(b.at.Fragment)
	if err != nil || len(raw) == 0 {
		b.t.Fatalf("a test ended at %s: %v\n%s", b.at, err, b.page)
	}
	var steps []auth.Step
	if err := json.Unmarshal(raw, &steps); err != nil {
		b.t.Fatal(err)
	}
	return steps
}

// through sends the forms that send themselves in a browser with scripts.
func (b *browser) through() {
	b.t.Helper()
	for range 6 {
		if !strings.Contains(b.page, `name="SAMLResponse"`) && !strings.Contains(b.page, `name="SAMLRequest"`) {
			return
		}
		b.submit(nil)
	}
	b.t.Fatalf("one form after another, up to %s", b.at)
}

func (b *browser) password(name string) {
	b.t.Helper()
	b.submit(url.Values{"username": {name}, "password": {"secret"}})
	b.through()
}

// wantSignedOut makes sure that the session of a browser has ended.
func (b *browser) wantSignedOut(o *samlOrg) {
	b.t.Helper()
	answer, err := b.Get(o.origin + "/api/v1/me")
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusUnauthorized {
		b.t.Errorf("the provider has signed them out, and they are still in: %s at %s\n%s", answer.Status, b.at, o.p.said())
	}
}

// TestSSOSimpleSAML signs in to the real program by a real SimpleSAMLphp, with encrypted assertions and signed requests: a test, roles by
// groups, login from both sides, logout from both sides.
func TestSSOSimpleSAML(t *testing.T) {
	needSSO(t)
	theirs := startSimpleSAML(t)
	o := newSAMLOrg(t, map[string]any{
		"metadataUrl": theirs.metadata(), "signRequests": true, "allowIdpInitiated": true, "requireEncryption": true,
		"groupsAttr": "groups", "groupRoles": map[string]string{"platform": "admin"},
	})
	theirs.know(t, o.site(), o.certificate())

	var checked struct{ Steps []auth.Step }
	o.admin.call("POST", o.connections+"/"+o.id+"/test", nil, &checked)
	for _, s := range checked.Steps {
		if !s.OK && s.Name != "address" { // the settings of the test name none
			t.Errorf("%+v", s)
		}
	}
	o.admin.open(o.origin + o.path + "?test=1")
	o.admin.password("alice")
	wantSteps(t, o.admin.tested(), "metadata", "response", "signature", "audience", "time", "in_response_to", "subject", "replay", "name", "email", "groups", "role", "login")
	o.admin.call("PUT", o.connections+"/"+o.id, map[string]any{"enabled": true}, nil)

	ann := newBrowser(t)
	ann.open(o.origin + o.path + "?to=/orgs")
	ann.password("alice")
	me := ann.me(o.origin)
	if ann.at.String() != o.origin+"/orgs" || me.Account == nil || me.Account.Name != "Alice Liddell" || me.Account.Email != "alice@example.com" ||
		me.Via != o.id || len(me.Orgs) != 1 || me.Orgs[0].Role != "admin" {
		t.Fatalf("at %s as %+v\n%s", ann.at, me, o.p.said())
	}
	var next struct{ To string }
	ann.call("POST", o.origin+"/api/v1/auth/signout", map[string]bool{}, &next)
	ann.open(o.origin + next.To)
	ann.through()
	if ann.at.String() != o.origin+"/" || ann.me(o.origin).Account != nil {
		t.Errorf("signing out ends at %s", ann.at)
	}
	ann.open(o.origin + o.path)
	if !strings.Contains(ann.page, `name="password"`) {
		t.Errorf("the provider still knows her: %s", ann.at)
	}

	bob := newBrowser(t)
	bob.open(theirs.base + "/simplesaml/saml2/idp/SSOService.php?spentityid=" + url.QueryEscape(o.site()+"/metadata") + "&RelayState=" + url.QueryEscape("https://evil.example/"))
	bob.password("bob")
	me = bob.me(o.origin)
	if bob.at.String() != o.origin+"/" || me.Account == nil || me.Account.Name != "Bob" || len(me.Orgs) != 1 || me.Orgs[0].Role != "member" {
		t.Fatalf("begun at the provider: at %s as %+v\n%s", bob.at, me, o.p.said())
	}
	bob.open(theirs.base + "/simplesaml/saml2/idp/SingleLogoutService.php?ReturnTo=" + url.QueryEscape(theirs.metadata()))
	bob.through()
	bob.wantSignedOut(o)
	if bob.at.String() != theirs.metadata() {
		t.Errorf("the provider's logout ends at %s", bob.at)
	}
}
