package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lemon is LemonLDAP::NG, served by plackup. Its people are those of its demonstration, whose passwords are their names.
type lemon struct {
	dir, base string
	more      map[string]any // beside, or in the place of, what it is told for SAML
}

func newLemon(t *testing.T) *lemon {
	t.Helper()
	needFile(t, "/usr/share/perl5/Lemonldap/NG/Portal.pm", "liblemonldap-ng-portal-perl")
	needFile(t, "/usr/bin/plackup", "libplack-perl")
	needFile(t, "/usr/share/perl5/IO/String.pm", "libio-string-perl")
	needFile(t, "/usr/share/perl5/XML/Simple.pm", "libxml-simple-perl")
	l := &lemon{dir: t.TempDir(), base: fmt.Sprintf("http://127.0.0.1:%d", freePort(t))}
	for _, folder := range []string{"conf", "cache", "sessions/lock", "lasting/lock"} {
		if err := os.MkdirAll(filepath.Join(l.dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func (l *lemon) metadata() string { return l.base + "/saml/metadata" }

// start serves it to one service provider, of which it gets the metadata, and waits until it answers at an address.
func (l *lemon) start(t *testing.T, theirs, ready string) {
	t.Helper()
	pair := writePair(t, filepath.Join(l.dir, "key.pem"), filepath.Join(l.dir, "certificate.pem"))
	files := func(folder string) map[string]any {
		return map[string]any{"Directory": filepath.Join(l.dir, folder), "LockDirectory": filepath.Join(l.dir, folder, "lock")}
	}
	conf := map[string]any{
		"cfgNum": 1, "cfgDate": "1700000000", "cfgAuthor": "test", "cfgVersion": "2.16.1", "portal": l.base + "/", "domain": "127.0.0.1",
		"cookieName": "lemonldap", "securedCookie": 0, "authentication": "Demo", "userDB": "Same", "passwordDB": "Demo", "registerDB": "Null", "captcha": "::Captcha::None",
		"globalStorage": "Apache::Session::File", "globalStorageOptions": files("sessions"), "persistentStorage": "Apache::Session::File", "persistentStorageOptions": files("lasting"),
		"localSessionStorage": "Cache::FileCache", "localSessionStorageOptions": map[string]any{"namespace": "s", "cache_root": l.dir + "/cache", "cache_depth": 0, "default_expires_in": 1},
		"key": "a key of the tests", "whatToTrace": "_whatToTrace", "macros": map[string]string{"_whatToTrace": "$_user"}, "requireToken": 0, "portalCheckLogins": 0,
		"loginHistoryEnabled": 0, "bruteForceProtection": 0, "locationRules": map[string]any{"127.0.0.1": map[string]string{"default": "accept"}},
		"demoExportedVars": map[string]string{"cn": "cn", "mail": "mail", "uid": "uid"}, "groups": map[string]string{"staff": "1", "platform": "$uid eq 'dwho'"},
		"issuerDBSAMLActivation": 1, "issuerDBSAMLPath": "^/saml/", "issuerDBSAMLRule": 1, "samlEntityID": "#PORTAL#/saml/metadata",
		"samlOrganizationName": "Test", "samlOrganizationDisplayName": "Test", "samlOrganizationURL": l.base,
		"samlServicePrivateKeySig": pair.KeyPEM(), "samlServicePublicKeySig": pair.PEM(), "samlServicePrivateKeyEnc": pair.KeyPEM(), "samlServicePublicKeyEnc": pair.PEM(),
		"samlServiceUseCertificateInResponse": 1, "samlServiceSignatureMethod": "RSA_SHA256",
		"samlSPMetaDataXML": map[string]any{"us": map[string]string{"samlSPMetaDataXML": theirs}},
		"samlSPMetaDataOptions": map[string]any{"us": map[string]any{
			"samlSPMetaDataOptionsSignSSOMessage": 1, "samlSPMetaDataOptionsSignSLOMessage": 1, "samlSPMetaDataOptionsCheckSSOMessageSignature": 1,
			"samlSPMetaDataOptionsCheckSLOMessageSignature": 1, "samlSPMetaDataOptionsEncryptionMode": "none", "samlSPMetaDataOptionsSignatureMethod": "RSA_SHA256",
		}},
		"samlSPMetaDataExportedAttributes": map[string]any{"us": map[string]string{
			"uid": "1;uid", "cn": "1;cn", "mail": "1;mail", "groups": "0;groups",
		}},
		"oidcServicePrivateKeySig": pair.KeyPEM(), "oidcServicePublicKeySig": pair.PEM(),
	}
	maps.Copy(conf, l.more)
	raw, err := json.Marshal(conf)
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("DIR", l.dir)
	writeFile(t, filepath.Join(l.dir, "conf/lmConf-1.json"), string(raw))
	writeFile(t, filepath.Join(l.dir, "lemonldap-ng.ini"), fill.Replace(lemonIni))
	writeFile(t, filepath.Join(l.dir, "app.psgi"), lemonApp)
	_, port, _ := strings.Cut(strings.TrimPrefix(l.base, "http://"), ":")
	serveIdP(t, ready, []string{"LLNG_DEFAULTCONFFILE=" + l.dir + "/lemonldap-ng.ini"},
		"plackup", "-E", "deployment", "--host", "127.0.0.1", "--port", port, filepath.Join(l.dir, "app.psgi"))
}

const (
	lemonIni = `[all]
logLevel = warn
checkTime = 1
[configuration]
type = File
dirName = DIR/conf
localStorage = Cache::FileCache
localStorageOptions = { 'namespace' => 'conf', 'default_expires_in' => 1, 'cache_root' => 'DIR/cache', 'cache_depth' => 0 }
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
[handler]
status = 0
`
	// lemonApp is the portal, with a captcha that needs no library of images: it asks for none anyway.
	lemonApp = `package Lemonldap::NG::Portal::Captcha::None;
use Mouse;
extends 'Lemonldap::NG::Portal::Main::Plugin';
sub init { 1 }
$INC{'Lemonldap/NG/Portal/Captcha/None.pm'} = __FILE__;
package main;
require Lemonldap::NG::Portal::Main;
Lemonldap::NG::Portal::Main->run({});
`
)

func (b *browser) lemonPassword(name string) {
	b.t.Helper()
	b.submit(url.Values{"user": {name}, "password": {name}})
	b.through()
}

// TestSSOLemonLDAP signs in to the real program by a real LemonLDAP::NG, whose library for SAML (Lasso) is another one than
// SimpleSAMLphp's: signed requests, an attribute that names people, roles by groups, and signing out.
func TestSSOLemonLDAP(t *testing.T) {
	needSSO(t)
	theirs := newLemon(t)
	o := newSAMLOrg(t, map[string]any{
		"metadataUrl": theirs.metadata(), "signRequests": true, "subjectAttr": "uid", "groupsAttr": "groups", "groupRoles": map[string]string{"platform": "admin"},
	})
	us := newBrowser(t)
	us.open(o.site() + "/metadata")
	theirs.start(t, us.page, theirs.metadata())
	o.admin.call("PUT", o.connections+"/"+o.id, map[string]any{"enabled": true}, nil)

	who := newBrowser(t)
	who.open(o.origin + o.path + "?to=/orgs")
	who.lemonPassword("dwho")
	me := who.me(o.origin)
	if who.at.String() != o.origin+"/orgs" || me.Account == nil || me.Account.Name != "Doctor Who" || me.Account.Email != "dwho@badwolf.org" ||
		me.Via != o.id || len(me.Orgs) != 1 || me.Orgs[0].Role != "admin" {
		t.Fatalf("at %s as %+v\n%s\n%s", who.at, me, o.p.said(), who.page)
	}
	var next struct{ To string }
	who.call("POST", o.origin+"/api/v1/auth/signout", map[string]bool{}, &next)
	who.open(o.origin + next.To)
	who.through()
	if who.me(o.origin).Account != nil {
		t.Error("still signed in")
	}
	who.open(o.origin + o.path)
	if !strings.Contains(who.page, `name="password"`) {
		t.Errorf("the provider still knows them: %s", who.at)
	}

	rose := newBrowser(t)
	rose.open(o.origin + o.path)
	rose.lemonPassword("rtyler")
	if me := rose.me(o.origin); me.Account == nil || me.Account.Name != "Rose Tyler" || len(me.Orgs) != 1 || me.Orgs[0].Role != "member" {
		t.Fatalf("at %s as %+v\n%s", rose.at, me, o.p.said())
	}
}
