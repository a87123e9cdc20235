package main

import (
	"net/url"
	"strings"
	"testing"
)

// TestSSOLemonLDAPByOpenID signs in by LemonLDAP::NG as a provider of OpenID Connect. Unlike oidc-provider it sends no iss in the
// address, publishes a key without an algorithm, offers none and HS256 too, and calls itself by an address with a slash at its end.
func TestSSOLemonLDAPByOpenID(t *testing.T) {
	needSSO(t)
	needFile(t, "/usr/share/perl5/String/Random.pm", "libstring-random-perl")
	theirs := newLemon(t)
	t.Setenv("CODECOLLAB_OIDC_SECRET", realSecret)
	p := start(t, "", "--oidc-issuer", theirs.base+"/", "--oidc-client", "main", "--oidc-name", "Lemon", "--oidc-sign-out=true")
	origin := p.url()
	theirs.more = map[string]any{
		"issuerDBSAMLActivation": 0, "samlSPMetaDataXML": map[string]any{}, "samlSPMetaDataOptions": map[string]any{}, "samlSPMetaDataExportedAttributes": map[string]any{},
		"issuerDBOpenIDConnectActivation": 1, "issuerDBOpenIDConnectPath": "^/oauth2/", "issuerDBOpenIDConnectRule": 1,
		"oidcServiceKeyIdSig": "lemon", "oidcServiceAllowAuthorizationCodeFlow": 1,
		"oidcRPMetaDataOptions": map[string]any{"us": map[string]any{
			"oidcRPMetaDataOptionsClientID": "main", "oidcRPMetaDataOptionsClientSecret": realSecret, "oidcRPMetaDataOptionsIDTokenSignAlg": "RS256",
			"oidcRPMetaDataOptionsRedirectUris": origin + "/auth/oidc/callback", "oidcRPMetaDataOptionsPostLogoutRedirectUris": origin + "/signin",
			"oidcRPMetaDataOptionsBypassConsent": 1, "oidcRPMetaDataOptionsRequirePKCE": 1, "oidcRPMetaDataOptionsIDTokenExpiration": 300,
			"oidcRPMetaDataOptionsAccessTokenExpiration": 300, "oidcRPMetaDataOptionsUserIDAttr": "uid",
		}},
		"oidcRPMetaDataExportedVars": map[string]any{"us": map[string]string{"email": "mail", "name": "cn"}},
	}
	theirs.start(t, "", theirs.base+"/.well-known/openid-configuration")

	who := newBrowser(t)
	who.open(origin + "/auth/oidc/main?to=/orgs")
	who.lemonPassword("dwho")
	me := who.me(origin)
	if who.at.String() != origin+"/orgs" || me.Account == nil || me.Account.Name != "Doctor Who" || me.Account.Email != "dwho@badwolf.org" || me.Via != "main" {
		t.Fatalf("at %s as %+v\n%s\n%s", who.at, me, p.said(), who.page)
	}
	var next struct{ To string }
	who.call("POST", origin+"/api/v1/auth/signout", map[string]bool{}, &next)
	who.open(next.To)
	if strings.Contains(who.page, "<form") && who.at.Host != strings.TrimPrefix(origin, "http://") {
		who.submit(url.Values{"confirm": {"1"}})
	}
	who.open(origin + "/auth/oidc/main")
	if !strings.Contains(who.page, `name="password"`) {
		t.Errorf("the provider still knows them: %s", who.at)
	}
}
